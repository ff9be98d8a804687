using Akka.Actor;
using Akka.Cluster;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Broker.Actors.Clustering;
using Broker.Actors.Clustering.Membership;
using Broker.Actors.Hosting;
using Broker.Actors.Retained;
using Broker.Actors.Sessions;
using Broker.Actors.Storage;
using Broker.Specs.Actors.Connections;
using Broker.Specs.Actors.Sessions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Broker.Specs.Actors.Retained;

/// <summary>The owner of retained topics: writes become visible, and are answered, when they are committed, everywhere, and in the order of arrival.</summary>
public class RetainedActorSpecs : TestKit
{
    private const int Partition = 3;
    private const int Origin = 1;

    private readonly FakeStore _store = new(new FakeTimeProvider()) { IsManual = true };
    private readonly RetainedCopy _copy = new();
    private readonly ClusterMembers _members;
    private readonly UniqueAddress _other;
    private IActorRef _owner;

    public RetainedActorSpecs()
        : base("akka.loglevel = WARNING")
    {
        // A second "node" in this very system: what is sent to its copy comes here.
        var address = ((ExtendedActorSystem)Sys).Provider.DefaultAddress;
        _other = new UniqueAddress(address, 2);
        _members = new ClusterMembers(new UniqueAddress(address, Origin));
        Sys.ActorOf(Props.Create(() => new Forwarder(TestActor)), NodeActors.RetainedCopy);
        _owner = Start();
    }

    [Fact]
    public void A_message_is_seen_and_answered_once_it_is_committed()
    {
        Send(1, (1, "t", "first"));
        Send(2, (2, "t", "second"));
        _store.Complete(1);
        Answered().Should().Be((1, "Accepted"));
        _copy.Get("t")!.Publication.Text().Should().Be("first");

        _store.Complete(1);
        Answered().Should().Be((2, "Accepted"));
        _copy.Get("t")!.Publication.Text().Should().Be("second");
    }

    [Fact]
    public void A_save_that_fails_changes_nothing_and_is_answered_so_that_nobody_waits_for_ever()
    {
        Send(1, (1, "t", "first"), (2, "u", "second"));
        _store.Fail();
        _store.Complete();

        Answered().Should().Be((1, "Failed,Accepted"));
        _copy.Get("t").Should().BeNull();
    }

    [Fact]
    public void What_does_not_fit_is_refused_before_it_is_saved()
    {
        _copy.Apply(new RetainedMessage(Packets.Message("a"), 0, 0));
        _copy.Apply(new RetainedMessage(Packets.Message("b"), 0, 0));
        Send(1, (1, "c", "x"));
        Answered().Should().Be((1, "QueueFull"));
        _store.Writes.Should().BeEmpty();
    }

    [Fact]
    public void What_is_being_committed_counts_towards_the_limits()
    {
        Send(1, (1, "a", "x"), (2, "b", "x"), (3, "c", "x"));
        _store.Fail();
        _store.Complete();
        Answered().Should().Be((1, "Failed,Accepted,QueueFull"));

        Send(2, (4, "c", "x"));
        _store.Complete();
        Answered().Should().Be((2, "Accepted"), "what failed has left its place");
        Send(3, (5, "d", "x"));
        Answered().Should().Be((3, "QueueFull"));
    }

    [Fact]
    public void Versions_grow_within_the_partition_and_go_on_behind_those_of_the_copy()
    {
        Send(1, (1, "t", "a"), (2, "u", "b"));
        _store.Complete();
        Answered();
        _copy.VersionOf(Partition).Should().Be(2);

        _owner = Start();
        Send(2, (3, "t", "c"));

        _store.Writes.Cast<StoreWrite.SaveRetained>().Select(save => (save.Partition, save.Version))
            .Should().Equal((Partition, 1), (Partition, 2), (Partition, 3));
    }

    [Fact]
    public void An_owner_that_starts_has_what_the_one_before_committed_and_told_nobody()
    {
        _store.IsManual = false;
        _store.Write(new StoreWrite.SaveRetained(Partition, 8, Packets.Message("t", "told nobody", retain: true)), new StoreCommits(TestActor, _store));
        ExpectMsg<StoreCommits.Due>();
        _members.Add(_other);

        _owner = Start();
        ExpectMsg<RetainedProtocol.Change>().Should().Match<RetainedProtocol.Change>(change => change.Version == 8 && change.Publication == null);
        _copy.Get("t")!.Publication.Text().Should().Be("told nobody");
        Send(1, (1, "t", "next"));
        ExpectMsg<RetainedProtocol.Change>().Version.Should().Be(9);
    }

    [Fact]
    public void Nothing_is_written_before_the_last_owners_node_can_commit_no_more()
    {
        _members.Add(_other);
        _members.Remove(_other);
        _owner = Start(awaitIt: false);
        Send(1, (1, "t", "x"));
        ExpectNoMsg(TimeSpan.FromMilliseconds(300));
        _store.Writes.Should().BeEmpty();

        _members.Settle(_other);
        AwaitAssert(() => _store.Writes.Should().ContainSingle());
    }

    [Fact]
    public void The_answer_waits_for_the_copies_of_all_members_or_their_removal()
    {
        _store.IsManual = false;
        _members.Add(_other);
        Send(1, (1, "t", "x"));
        var change = ExpectMsg<RetainedProtocol.Change>();
        (change.Partition, change.Version, change.Origin, change.WriteNumber).Should().Be((Partition, 1, Origin, 1));
        ExpectNoMsg(TimeSpan.Zero);
        _copy.Get("t").Should().NotBeNull("this node's own copy does not wait");
        change.Owner.Tell(new RetainedProtocol.Passed(Partition, 1, _other.Uid));
        Answered().Should().Be((1, "Accepted"));

        Send(2, (2, "t", "y"));
        ExpectMsg<RetainedProtocol.Change>();
        _members.Remove(_other);
        Answered().Should().Be((2, "Accepted"));
    }

    [Fact]
    public void A_change_is_sent_again_until_it_is_confirmed()
    {
        _store.IsManual = false;
        _members.Add(_other);
        Send(1, (1, "t", "x"));
        ExpectMsg<RetainedProtocol.Change>().Version.Should().Be(1);
        var again = ExpectMsg<RetainedProtocol.Change>(TimeSpan.FromSeconds(5));
        again.Version.Should().Be(1);
        again.Owner.Tell(new RetainedProtocol.Passed(Partition, 1, _other.Uid));
        Answered().Should().Be((1, "Accepted"));
    }

    [Fact]
    public void A_repeated_batch_is_written_once_and_answered_again()
    {
        Send(1, (1, "t", "x"));
        Send(1, (1, "t", "x"));
        _store.Complete();
        Answered().Should().Be((1, "Accepted"));
        Send(1, (1, "t", "x"));
        Answered().Should().Be((1, "Accepted"));
        _store.Writes.Should().ContainSingle();
    }

    [Fact]
    public void Tombstones_are_removed_from_the_store_a_hundred_at_a_time_and_only_those_that_all_have_passed()
    {
        _store.IsManual = false;
        for (var number = 1; number <= 99; number++)
        {
            Send(number, (number, $"t{number}", ""));
            Answered();
        }

        _store.Writes.OfType<StoreWrite.PurgeTombstones>().Should().BeEmpty();
        _members.Add(_other);
        Send(100, (100, "t100", ""));
        ExpectMsg<RetainedProtocol.Change>();
        var purge = _store.Writes.OfType<StoreWrite.PurgeTombstones>().Should().ContainSingle().Which;
        (purge.Partition, purge.Version).Should().Be((Partition, 99));
        _members.Remove(_other);
        Answered().Should().Be((100, "Accepted"));
        Send(101, (101, "t", "goes on"));
        Answered().Should().Be((101, "Accepted"), "the purge itself is answered to nobody");
    }

    private IActorRef Start(bool awaitIt = true)
    {
        var services = new RetainedServices
        {
            Copy = _copy,
            Writer = _store,
            Reader = _store,
            Members = _members,
            CurrentLimits = new CurrentLimits(new LimitsOptions { MaxRetainedMessages = 2 }),
            Logger = NullLogger<RetainedActor>.Instance,
        };
        var owner = Sys.ActorOf(Props.Create(() => new RetainedActor(Partition, services)).WithDispatcher(CallingThreadDispatcher.Id));
        if (awaitIt)
        {
            // From then on it runs on the thread that tells it.
            owner.Tell(new RetainedProtocol.Ping(TestActor));
            FishForMessage(message => message is RetainedProtocol.Pong or RetainedProtocol.Change { Publication: null });
        }

        return owner;
    }

    private (long Number, string Outcomes) Answered()
    {
        var answer = ExpectMsg<RetainedProtocol.Answered>();
        return (answer.Number, string.Join(",", answer.Outcomes));
    }

    private void Send(long batch, params (long Number, string Topic, string Payload)[] writes) =>
        _owner.Tell(new RetainedProtocol.Batch(
            Partition,
            Origin,
            batch,
            [.. writes.Select(write => new RetainedProtocol.Write(write.Number, Packets.Message(write.Topic, write.Payload, retain: true)))],
            TestActor));

    private sealed class Forwarder : ReceiveActor
    {
        public Forwarder(IActorRef target) => ReceiveAny(message => target.Forward(message));
    }
}
