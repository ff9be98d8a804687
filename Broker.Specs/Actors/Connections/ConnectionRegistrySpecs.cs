using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Broker.Actors.Clustering.Membership;
using Broker.Actors.Connections;
using Broker.Actors.Sessions;

namespace Broker.Specs.Actors.Connections;

public class ConnectionRegistrySpecs : TestKit
{
    private readonly TestBroker _broker = new();
    private readonly ClusterMembers _members = ClusterMembers.Alone();
    private readonly RecordingRef _sessions = new("sessions");
    private readonly IActorRef _registry;

    public ConnectionRegistrySpecs()
        : base(ConfigurationFactory.ParseString(
            "akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"\nakka.loglevel = WARNING"))
    {
        var (directory, sessions, members) = (_broker.Context.Directory, _sessions, _members);
        _registry = Sys.ActorOf(Props.Create(() => new ConnectionRegistry(directory, () => sessions, members)).WithDispatcher(CallingThreadDispatcher.Id));

        // From here on it runs on the thread that tells it, and hears of the members.
        _registry.Tell(new Identify(1), TestActor);
        ExpectMsg<ActorIdentity>(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void The_end_of_a_connection_is_told_until_it_is_confirmed()
    {
        var closed = new SessionProtocol.ConnectionClosed("c", 5, true, null, _registry);
        _registry.Tell(new ConnectionRegistry.Closing(closed));
        Pass(4);
        _sessions.Next<SessionProtocol.ConnectionClosed>().Should().BeSameAs(closed);

        Pass(2);
        _sessions.Next<SessionProtocol.ConnectionClosed>();
        _registry.Tell(new ConnectionRegistry.CloseConfirmed("c", 5));
        Pass(6);
        _sessions.Messages.Should().BeEmpty();
    }

    [Fact]
    public void An_entity_that_asks_for_a_connection_which_is_gone_learns_how_it_ended()
    {
        var closed = new SessionProtocol.ConnectionClosed("c", 5, true, null, _registry);
        _registry.Tell(new ConnectionRegistry.Closing(closed));

        _registry.Tell(new ConnectionRegistry.ToConnection("c", 5, ConnectionProtocol.Resume.Instance));
        _sessions.Next<SessionProtocol.ConnectionClosed>().DiscardWill.Should().BeTrue();
        _registry.Tell(new ConnectionRegistry.ToConnection("d", 6, ConnectionProtocol.Resume.Instance));
        _sessions.Next<SessionProtocol.ConnectionClosed>().DiscardWill.Should().BeFalse();
    }

    [Fact]
    public void A_connection_whose_entity_was_on_a_removed_node_turns_to_the_next()
    {
        var node = new UniqueAddress(new Address("akka.tcp", "mqtt", "10.0.0.9", 4053), 1);
        _members.Add(node);
        var (there, elsewhere) = (_broker.ConnectDurable("c"), _broker.ConnectDurable("d"));
        ((ClientConnection)there.Handler).Home = node;

        _members.Remove(node);
        AwaitCondition(
            () =>
            {
                _broker.Run();
                return !_broker.Sessions.Messages.IsEmpty;
            },
            TimeSpan.FromSeconds(10),
            TimeSpan.FromMilliseconds(5));

        _broker.Sessions.Next<SessionProtocol.Attach>().ClientId.Should().Be("c");
        _broker.Sessions.Messages.Should().BeEmpty();
        elsewhere.IsClosed.Should().BeFalse();
    }

    private void Pass(int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            ((TestScheduler)Sys.Scheduler).Advance(TimeSpan.FromSeconds(1));
        }
    }
}
