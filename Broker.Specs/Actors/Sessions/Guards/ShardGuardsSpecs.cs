using Akka.Actor;
using Akka.Cluster;
using Akka.TestKit.Xunit2;
using Broker.Actors.Clustering.Membership;
using Broker.Actors.Connections;
using Broker.Actors.Sessions;
using Broker.Actors.Sessions.Guards;
using Broker.Protocol.Packets;
using Broker.Specs.Actors.Connections;

namespace Broker.Specs.Actors.Sessions.Guards;

/// <summary>What must be known before a shard of sessions takes clients (hard cases 1, 2).</summary>
public class ShardGuardsSpecs : TestKit
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private static readonly UniqueAddress One = new(new Address("akka.tcp", "mqtt", "10.0.0.1", 4053), 1);
    private static readonly UniqueAddress Two = new(new Address("akka.tcp", "mqtt", "10.0.0.2", 4053), 2);

    private readonly ClusterMembers _members = ClusterMembers.Alone();
    private readonly ShardGuards _guards = new();
    private readonly ConnectionHomes _homes = new();
    private readonly TestBroker _broker = new();
    private readonly RecordingRef _registry = new("registry");
    private readonly IActorRef _shard;
    private readonly IActorRef _asker;

    public ShardGuardsSpecs()
        : base("akka.loglevel = ERROR")
    {
        var (members, guards, homes, directory, registry) = (_members, _guards, _homes, _broker.Context.Directory, _registry);
        _asker = _guards.Asker = Sys.ActorOf(Props.Create(() => new ShardGuardsActor(members, guards, homes, directory, registry)));
        _shard = Sys.ActorOf(Props.Create(() => new Shard()), new SessionMessageExtractor().ShardId("c"));
        Settle();
    }

    [Fact]
    public void A_node_by_itself_knows_at_once_and_asks_once_a_shard()
    {
        var connection = (ClientConnection)_broker.Connect("c").Handler;
        _guards.TryTake(_shard, "c", out _).Should().BeFalse();
        Need();
        ExpectMsg<ShardGuards.Known>(Deadline);

        Taken("c").Should().ContainSingle().Which.Connection.Number.Should().Be(connection.Number);
        Taken("c").Should().BeEmpty("from then on the entity owns it");
        Taken("d").Should().BeEmpty();
    }

    [Fact]
    public void Every_member_must_have_answered()
    {
        _members.Add(One);
        _members.Add(Two);
        Need();
        Answer(One, new ServedClient("c", 5, IsDurable: true));
        Settle();
        _guards.TryTake(_shard, "c", out _).Should().BeFalse();

        Answer(Two);

        ExpectMsg<ShardGuards.Known>(Deadline);
        var (connection, isDurable) = Taken("c").Should().ContainSingle().Which;
        (connection.Number, connection.Node, isDurable).Should().Be((5, One, true));
    }

    [Fact]
    public void A_member_that_is_removed_need_not_answer_but_must_be_settled()
    {
        _members.Add(One);
        _members.Add(Two);
        Need();
        Answer(One, new ServedClient("c", 5, IsDurable: false));
        Answer(Two, new ServedClient("c", 4, IsDurable: false));
        ExpectMsg<ShardGuards.Known>(Deadline);

        var other = Sys.ActorOf(Props.Create(() => new Shard()), "other");
        _members.Remove(Two);
        _asker.Tell(new ShardGuardsActor.Need(other, TestActor));
        _asker.Tell(new GuardProtocol.Answer("other", One, _registry, []));
        Settle();
        _guards.TryTake(other, "c", out _).Should().BeFalse("what it serves may not be taken over yet");

        _members.Settle(Two);
        ExpectMsg<ShardGuards.Known>(Deadline);
    }

    [Fact]
    public void A_shard_that_ends_and_starts_again_is_another()
    {
        Need();
        ExpectMsg<ShardGuards.Known>(Deadline);
        Watch(_shard);
        Sys.Stop(_shard);
        ExpectTerminated(_shard, Deadline);

        AwaitCondition(() => !_guards.TryTake(_shard, "c", out _), Deadline);
    }

    [Fact]
    public void A_node_answers_whom_it_serves_of_the_shard()
    {
        _broker.Connect("c");
        _broker.Open().Send(new ConnectPacket { Version = ProtocolVersion.V5, ClientId = "waits" });

        _asker.Tell(new GuardProtocol.Ask(_shard.Path.Name, TestActor));

        var answer = ExpectMsg<GuardProtocol.Answer>(Deadline);
        (answer.Node, answer.Served.Single().ClientId).Should().Be((_members.Self, "c"));
    }

    [Fact]
    public void Entities_hear_of_the_end_of_the_node_that_their_connection_is_on()
    {
        _members.Add(One);
        _homes.Enter(One, TestActor);
        _members.Remove(One);
        Settle();

        _members.Settle(One);

        ExpectMsg<ConnectionHomes.NodeGone>(Deadline).Node.Should().Be(One);
    }

    private void Need() => _asker.Tell(new ShardGuardsActor.Need(_shard, TestActor));

    private void Answer(UniqueAddress node, params ServedClient[] served) =>
        _asker.Tell(new GuardProtocol.Answer(_shard.Path.Name, node, _registry, served));

    private (ConnectionRef Connection, bool IsDurable)[] Taken(string clientId)
    {
        _guards.TryTake(_shard, clientId, out var served).Should().BeTrue();
        return served;
    }

    /// <summary>It has handled what it was told before.</summary>
    private void Settle()
    {
        _asker.Tell(new Identify(1), TestActor);
        ExpectMsg<ActorIdentity>(Deadline);
    }

    private sealed class Shard : ReceiveActor
    {
        public Shard() => ReceiveAny(static _ => { });
    }
}
