using Akka.Actor;
using Broker.Actors.Connections;
using Broker.Actors.Sessions;
using Broker.Protocol.Packets;

namespace Broker.Specs.Actors.Sessions;

/// <summary>CONNECT and the end of a connection are told until they are answered: told twice, they count once.</summary>
public class ConnectAgainSpecs : SessionSpecsBase
{
    [Fact]
    public void A_CONNECT_that_is_repeated_is_answered_again_under_its_attempt()
    {
        StartConnected(1);
        Deliver(1, "a");
        Deliveries().Should().ContainSingle();

        Again(1, attempt: 1);

        Bound(1).Attempt.Should().Be(1);
        var again = Registry.Next<ConnectionRegistry.ToConnection>();
        (again.Mark, again.Command).Should().Match<(LaneMark Mark, object Command)>(
            told => told.Mark == new LaneMark(2, 1) && told.Command is ConnectionProtocol.Deliveries);
        Services.DurableSessionCount.Should().Be(1);
    }

    [Fact]
    public void A_CONNECT_that_waits_and_is_repeated_makes_the_old_connection_be_told_again()
    {
        StartConnected(1);
        Connect(2);
        Told<ConnectionProtocol.Disconnect>(1);

        Again(2, attempt: 1);

        Told<ConnectionProtocol.Disconnect>(1);
        Close(1);
        Bound(2).Attempt.Should().Be(1);
    }

    [Fact]
    public void A_connection_whose_number_is_not_above_the_last_is_told_to_renumber()
    {
        StartConnected(10);
        Connect(9);
        Told<ConnectionProtocol.Renumber>(9).Above.Should().Be(10);

        Connect(11);
        Told<ConnectionProtocol.Disconnect>(10);
        Close(10);
        Bound(11);
    }

    [Fact]
    public void A_CONNECT_whose_entity_died_before_it_answered_binds_with_the_next()
    {
        StartConnected(1);
        Crash();
        Start();
        Again(1, attempt: 1);

        Bound(1).Attempt.Should().Be(1);
    }

    [Fact]
    public void The_end_of_a_connection_is_confirmed_once_it_is_written()
    {
        StartConnected(1);
        Store.IsManual = true;
        Closed(1);
        NothingIsTold();

        Store.Complete();
        AwaitCondition(() => !Registry.Messages.IsEmpty, Deadline, Poll);
        Registry.Next<ConnectionRegistry.CloseConfirmed>().Number.Should().Be(1);

        Store.IsManual = false;
        Closed(1);
        Registry.Next<ConnectionRegistry.CloseConfirmed>();
    }

    [Fact]
    public void The_end_of_a_session_is_confirmed_once_it_is_written()
    {
        StartConnected(1, expiry: 60);
        Store.IsManual = true;
        Entity.Tell(new SessionProtocol.ConnectionClosed(ClientId, 1, DiscardWill: false, TimeSpan.Zero, Registry));
        NothingIsTold();
        Shard.ExpectNoMsg(TimeSpan.Zero);

        Store.Complete();

        AwaitCondition(() => !Registry.Messages.IsEmpty, Deadline, Poll);
        Registry.Next<ConnectionRegistry.CloseConfirmed>();
        Shard.ExpectMsg<Akka.Cluster.Sharding.Passivate>(Deadline);
    }

    private void Again(long number, int attempt) => Entity.Tell(new SessionProtocol.Connect(
        ClientId, new ConnectionRef(ClientId, number, Registry), CleanStart: false, TimeSpan.FromSeconds(3_600), 10, Will: null, attempt));

    private void Closed(long number) => Entity.Tell(new SessionProtocol.ConnectionClosed(ClientId, number, DiscardWill: false, SessionExpiry: null, Registry));
}
