using Akka.Actor;
using Akka.Cluster.Sharding;
using Broker.Actors.Connections;
using Broker.Actors.Sessions;
using Broker.Actors.Storage;
using Broker.Protocol.Packets;

namespace Broker.Specs.Actors.Sessions;

/// <summary>Hard case 8: wills and expiries over the death of whoever held them.</summary>
public class ConnectionRowSpecs : SessionSpecsBase
{
    [Fact]
    public void The_will_of_a_live_session_whose_node_died_is_sent_when_the_primary_wakes_it()
    {
        Store.LeaveConnection(ClientId, 5, expiry: 0, Will(), closedAgo: TimeSpan.FromSeconds(1));
        Start();
        Entity.Tell(new SessionProtocol.Wake(ClientId));

        Shard.ExpectMsg<Passivate>();
        Published.Should().ContainSingle();
        IsDue().Should().BeFalse("its row is gone");
    }

    [Fact]
    public void A_will_that_nobody_has_accepted_keeps_its_row_and_its_entity_and_is_sent_again_after_a_crash()
    {
        WillsToAccept = new();
        StartConnected(1, expiry: 0, will: Will());
        Close(1);
        Shard.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        Store.Writes.OfType<StoreWrite.ForgetConnection>().Should().BeEmpty();
        Crash();
        Store.LeaveConnection(ClientId, 1, expiry: 0, Will(), closedAgo: TimeSpan.Zero);

        Start();
        Entity.Tell(new SessionProtocol.Wake(ClientId));
        AwaitCondition(() => WillsToAccept.Count == 2, Deadline, Poll);
        WillsToAccept.Last()();

        Shard.ExpectMsg<Passivate>();
        IsDue().Should().BeFalse();
    }

    [Fact]
    public void A_client_that_is_back_before_the_primary_looked_does_not_swallow_its_own_will()
    {
        Store.LeaveConnection(ClientId, 5, expiry: 0, Will(), closedAgo: TimeSpan.FromSeconds(1));
        Store.HoldReads();
        Start();
        Connect(6, expiry: 0, will: Will());
        Store.ReleaseReads();

        Bound(6).SessionPresent.Should().BeFalse();
        Published.Should().ContainSingle();
        Close(6);
        Published.Should().HaveCount(2);
    }

    [Fact]
    public void A_will_whose_delay_began_before_the_crash_waits_for_the_rest_of_it()
    {
        StartConnected(1, will: Will(delay: 60));
        Close(1);
        Pass(TimeSpan.FromSeconds(20));
        Crash();
        Start();
        Settle();
        Pass(TimeSpan.FromSeconds(39));
        Published.Should().BeEmpty();
        Pass(TimeSpan.FromSeconds(1));
        Published.Should().ContainSingle();
    }

    [Fact]
    public void A_will_that_was_sent_does_not_give_its_session_more_time()
    {
        StartConnected(1, expiry: 100, will: Will(delay: 60));
        Close(1);
        Pass(TimeSpan.FromSeconds(60));
        Published.Should().ContainSingle();
        Crash();

        Time.Advance(TimeSpan.FromSeconds(39));
        IsDue().Should().BeFalse();
        Time.Advance(TimeSpan.FromSeconds(1));
        IsDue().Should().BeTrue();
    }

    [Fact]
    public void An_end_that_is_told_twice_counts_once()
    {
        StartConnected(1, expiry: 60);
        Close(1);
        Pass(TimeSpan.FromSeconds(50));
        Close(1);
        Pass(TimeSpan.FromSeconds(10));
        Services.DurableSessionCount.Should().Be(0);
    }

    [Fact]
    public void A_good_bye_that_waits_while_the_session_loads_again_discards_the_will()
    {
        StartConnected(1, will: Will());
        Crash();
        Store.HoldReads();
        Start();
        Close(1, discardWill: true);
        Store.ReleaseReads();
        Settle();
        Published.Should().BeEmpty();
    }

    [Fact]
    public void A_store_that_is_away_keeps_CONNECT_waiting_and_refuses_it_when_patience_is_over()
    {
        Start();
        Store.GoAway("connection refused");
        Connect(1);
        Pass(TimeSpan.FromSeconds(9));
        NothingIsTold();
        Pass(TimeSpan.FromSeconds(1));
        Told<ConnectionProtocol.SessionRefused>(1).ReasonCode.Should().Be(ReasonCode.ServerUnavailable);
        Close(1);
        Store.ComeBack();
        NothingIsTold();

        Connect(2);
        Bound(2);
    }

    [Fact]
    public void Once_patience_is_over_only_those_who_need_the_store_are_refused()
    {
        Start();
        Store.GoAway("connection refused");
        Pass(TimeSpan.FromSeconds(10));
        Connect(1);
        Told<ConnectionProtocol.SessionRefused>(1).Reason.Should().Contain("connection refused");
        Crash();
        Start();
        Connect(2, expiry: 0, will: Will());
        Told<ConnectionProtocol.SessionRefused>(2).ReasonCode.Should().Be(ReasonCode.ServerUnavailable);
        Crash();
        Start();
        Connect(3, expiry: 0);
        Bound(3).IsDurable.Should().BeFalse();
    }

    private static WillMessage Will(uint delay = 0) => new() { Topic = "w", Payload = default, DelayInterval = delay };

    private bool IsDue() => Store.ReadDueAsync(10, CancellationToken.None).Result.Count > 0;
}
