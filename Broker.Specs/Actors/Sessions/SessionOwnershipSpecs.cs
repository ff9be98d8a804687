using Akka.Actor;
using Akka.Cluster.Sharding;
using Broker.Actors.Connections;
using Broker.Actors.Sessions;
using Broker.Protocol.Packets;

namespace Broker.Specs.Actors.Sessions;

/// <summary>Who is connected under a client id (promise 1, hard case 9), and when the session ends.</summary>
public class SessionOwnershipSpecs : SessionSpecsBase
{
    [Fact]
    public void A_second_connection_waits_until_the_first_has_closed()
    {
        StartConnected(1);
        Connect(2);

        Told<ConnectionProtocol.Disconnect>(1).ReasonCode.Should().Be(ReasonCode.SessionTakenOver);
        NothingIsTold();
        Close(1);
        Bound(2).SessionPresent.Should().BeTrue();
    }

    [Fact]
    public void A_later_CONNECT_replaces_the_one_that_waits()
    {
        StartConnected(1);
        Connect(2);
        Told<ConnectionProtocol.Disconnect>(1);

        Connect(3);

        Told<ConnectionProtocol.SessionRefused>(2).ReasonCode.Should().Be(ReasonCode.SessionTakenOver);
        Told<ConnectionProtocol.Disconnect>(1);
        Close(2);
        NothingIsTold();
        Close(1);
        Bound(3);
    }

    [Fact]
    public void A_waiting_connection_that_gives_up_is_forgotten()
    {
        StartConnected(1, expiry: 0);
        Connect(2);
        Told<ConnectionProtocol.Disconnect>(1);
        Close(2);
        Close(1);

        NothingIsTold();
        Shard.ExpectMsg<Passivate>();
    }

    [Fact]
    public void Packets_of_an_older_connection_are_ignored()
    {
        StartConnected(1);
        Connect(2);
        Told<ConnectionProtocol.Disconnect>(1);
        Close(1);
        Bound(2);

        Entity.Tell(new SessionProtocol.Unsubscribe("c", 1, 5, ["t"]));
        Entity.Tell(new SessionProtocol.NumberInbound("c", 1, 5));
        Entity.Tell(new SessionProtocol.ReleaseInbound("c", 1, 5));
        Acknowledge(1, PacketType.PubRec, 5);
        Close(1);
        NothingIsTold();

        Entity.Tell(new SessionProtocol.Unsubscribe("c", 2, 5, ["t"]));
        Told<ConnectionProtocol.Unsubscribed>(2);
    }

    [Fact]
    public void A_live_session_guards_its_client_id_and_ends_with_the_connection()
    {
        StartConnected(1, expiry: 0);
        Services.DurableSessionCount.Should().Be(0);
        Close(1);
        Shard.ExpectMsg<Passivate>();
    }

    [Fact]
    public void A_session_is_present_until_it_expires()
    {
        StartConnected(1, expiry: 60);
        Close(1);
        Pass(TimeSpan.FromSeconds(59));
        Connect(2, expiry: 60);
        Bound(2).SessionPresent.Should().BeTrue();

        Close(2);
        Pass(TimeSpan.FromSeconds(60));
        Services.DurableSessionCount.Should().Be(0);
        Shard.ExpectMsg<Passivate>();
    }

    [Fact]
    public void An_offline_session_leaves_memory_and_the_primary_wakes_it_when_it_expires()
    {
        StartConnected(1, expiry: 3 * 24 * 3_600);
        Close(1);
        Pass(TimeSpan.FromMinutes(2));
        Shard.ExpectMsg<Passivate>();
        Crash();
        Pass(TimeSpan.FromDays(3));
        Services.DurableSessionCount.Should().Be(1);

        Start();
        Entity.Tell(new SessionProtocol.Wake("c"));

        AwaitCondition(() => Services.DurableSessionCount == 0, Deadline, Poll);
        Shard.ExpectMsg<Passivate>();
        Store.SessionCount.Should().Be(0);
    }

    [Fact]
    public void DISCONNECT_may_shorten_the_expiry()
    {
        StartConnected(1, expiry: 3_600);
        Close(1, expiry: 5);
        Pass(TimeSpan.FromSeconds(5));
        Services.DurableSessionCount.Should().Be(0);
    }

    [Fact]
    public void Clean_Start_ends_the_session_before()
    {
        StartConnected(1);
        Subscribe(1, Given.Subscription("t"));
        Close(1);

        Connect(2, clean: true);

        Bound(2).SessionPresent.Should().BeFalse();
        Routes.Tree.Count.Should().Be(0);
        Store.Writes.Should().ContainSingle(write => write is Broker.Actors.Storage.StoreWrite.Discard);
        Services.DurableSessionCount.Should().Be(1);
    }

    [Fact]
    public void A_session_resumed_without_an_expiry_ends_with_that_connection()
    {
        StartConnected(1);
        Subscribe(1, Given.Subscription("t"));
        Close(1);
        Connect(2, expiry: 0);
        var bound = Bound(2);
        (bound.SessionPresent, bound.IsDurable).Should().Be((true, true));

        Close(2);
        Routes.Tree.Count.Should().Be(0);
        Shard.ExpectMsg<Passivate>();
    }

    [Fact]
    public void Messages_that_arrive_while_it_passivates_go_back_to_the_shard_for_the_next_entity()
    {
        Start();
        Entity.Tell(new SessionProtocol.Ping("c", TestActor));
        ExpectMsg<SessionProtocol.Pong>();
        Shard.ExpectMsg<Passivate>().StopMessage.Should().BeOfType<PoisonPill>();

        Connect(1);
        Deliver(1, "a");

        Shard.ExpectMsg<SessionProtocol.Connect>();
        Shard.ExpectMsg<SessionDelivery>();
        (Registry.Messages.Count, Outbox.Messages.Count).Should().Be((0, 0));
    }

    [Fact]
    public void A_delivery_to_no_session_is_answered_so()
    {
        Start();
        Deliver(1, "a");
        Answers().Should().Equal((1, DeliveryOutcome.NoSession));
        Shard.ExpectMsg<Passivate>();
    }

    [Fact]
    public void An_operator_can_end_a_session()
    {
        StartConnected(1);
        Entity.Tell(new SessionProtocol.Discard("c", TestActor));
        ExpectMsg<Status.Success>();
        Told<ConnectionProtocol.Disconnect>(1).ReasonCode.Should().Be(ReasonCode.AdministrativeAction);
        Close(1);
        Services.DurableSessionCount.Should().Be(0);
    }

    [Fact]
    public void An_entity_that_holds_a_connection_which_is_no_more_is_told_so_when_it_turns_to_it()
    {
        // CONNECT was handed on behind the end of its own connection: nobody will say that it has ended.
        Start();
        var (nobody, entity) = (new ConnectionDirectory(Time), Entity);
        var registry = Sys.ActorOf(Props.Create(() => new ConnectionRegistry(nobody, () => entity, null)));
        Entity.Tell(new SessionProtocol.Connect(
            "c", new ConnectionRef("c", 1, registry), CleanStart: true, TimeSpan.FromSeconds(60), 10, Will: null));
        AwaitCondition(() => Services.DurableSessionCount == 1, TimeSpan.FromSeconds(10));
        Connect(2);

        AwaitCondition(() => !Registry.Messages.IsEmpty, TimeSpan.FromSeconds(10));
        Bound(2).SessionPresent.Should().BeTrue();
    }
}
