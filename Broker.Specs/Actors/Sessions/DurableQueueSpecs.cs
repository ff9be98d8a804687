using Broker.Actors.Connections;
using Broker.Actors.Hosting;
using Broker.Actors.Routing;
using Broker.Actors.Sessions;
using Broker.Actors.Storage;
using Broker.Protocol.Packets;

namespace Broker.Specs.Actors.Sessions;

/// <summary>The queue and the window of a durable session, across connections.</summary>
public class DurableQueueSpecs : SessionSpecsBase
{
    [Fact]
    public void What_came_while_the_client_was_away_is_sent_in_its_order_when_it_is_back()
    {
        StartConnected(1);
        Close(1);
        Deliver(1, "a");
        Deliver(2, "b", qos: 2);
        Deliver(3, "c");

        Connect(2);
        Bound(2);

        // At QoS 2 it waits until its packet id is committed, and what is behind it waits too.
        Deliveries().Should().Equal(("a", 1, false), ("b", 2, false), ("c", 3, false));
        Answers().Should().OnlyContain(answer => answer.Outcome == DeliveryOutcome.Accepted);
    }

    [Fact]
    public void What_was_not_acknowledged_comes_again_first_with_DUP_and_PUBREL_where_it_had_come_so_far()
    {
        StartConnected(1);
        Deliver(1, "done");
        Deliver(2, "unanswered");
        Deliver(3, "received", qos: 2);
        Deliver(4, "unanswered too", qos: 2);
        Acknowledge(1, PacketType.PubAck, 1);
        Acknowledge(1, PacketType.PubRec, 3);
        Close(1);
        Deliver(5, "new");
        Registry.Messages.Clear();

        Connect(2);

        Bound(2);
        Told<ConnectionProtocol.Release>(2).PacketId.Should().Be(3);
        Deliveries().Should().Equal(("unanswered", 2, true), ("unanswered too", 4, true), ("new", 5, false));
    }

    [Fact]
    public void A_lower_Receive_Maximum_holds_back_also_what_is_sent_again()
    {
        StartConnected(1, receiveMaximum: 10);
        for (var number = 1; number <= 5; number++)
        {
            Deliver(number, $"{number}");
        }

        Close(1);
        Registry.Messages.Clear();
        Connect(2, receiveMaximum: 2);
        Bound(2);
        Deliver(6, "new");

        Deliveries().Should().Equal(("1", 1, true), ("2", 2, true));
        Acknowledge(2, PacketType.PubAck, 1);
        Deliveries().Should().Equal(("3", 3, true));
        foreach (ushort id in (ushort[])[2, 3])
        {
            Acknowledge(2, PacketType.PubAck, id);
        }

        Deliveries().Should().Equal(("4", 4, true), ("5", 5, true));
        Acknowledge(2, PacketType.PubAck, 4);
        Deliveries().Should().Equal(("new", 6, false));
    }

    [Fact]
    public void What_has_expired_is_not_sent_and_is_counted()
    {
        StartConnected(1);
        Close(1);
        var now = Time.GetUtcNow().ToUnixTimeMilliseconds();
        Deliver(1, "short", expiresAt: now + 1_000);
        Deliver(2, "long", expiresAt: now + 60_000);
        Pass(TimeSpan.FromSeconds(1));

        Connect(2);
        Bound(2);

        Deliveries().Select(delivery => delivery.Payload).Should().Equal("long");
        Services.Dropped[DropReason.Expired].Should().Be(1);
        Store.QueueRows.Should().Be(1, "it is gone from the store");
    }

    [Fact]
    public void A_full_queue_refuses_the_newest_and_keeps_what_it_has()
    {
        Limits = new LimitsOptions { MaxQueuedMessages = 2 };
        StartConnected(1);
        Close(1);
        Deliver(1, "a");
        Deliver(2, "b");
        Deliver(3, "c");

        Answers().Should().Equal(
            (1, DeliveryOutcome.Accepted), (2, DeliveryOutcome.Accepted), (3, DeliveryOutcome.QueueFull));
        Services.Dropped[DropReason.QueueFull].Should().Be(1);
        Connect(2);
        Bound(2);
        Deliveries().Select(delivery => delivery.Payload).Should().Equal("a", "b");
    }

    [Fact]
    public void Where_the_operator_chose_so_a_full_queue_drops_its_oldest()
    {
        Limits = new LimitsOptions { MaxQueuedMessages = 2, MaxQueuedBytes = 10, QueueFull = QueueFullPolicy.DropOldest };
        StartConnected(1);
        Close(1);
        Deliver(1, "a");
        Deliver(2, "b");
        Deliver(3, "c");
        Deliver(4, "larger than any queue");

        Answers().Should().Equal(
            (1, DeliveryOutcome.Accepted), (2, DeliveryOutcome.Accepted), (3, DeliveryOutcome.Accepted), (4, DeliveryOutcome.QueueFull));
        Connect(2);
        Bound(2);
        Deliveries().Select(delivery => delivery.Payload).Should().Equal("b", "c");
        Services.Dropped[DropReason.QueueFull].Should().Be(2);
    }

    [Fact]
    public void A_QoS_2_message_is_taken_once_however_it_comes()
    {
        StartConnected(1);
        Deliver(1, "once", qos: 2, id: new MessageId(7, 1));
        Deliver(2, "once", qos: 2, id: new MessageId(7, 1));
        Deliver(3, "other", qos: 2, id: new MessageId(7, 2));

        Deliveries().Select(delivery => delivery.Payload).Should().Equal("once", "other");
        Answers().Should().HaveCount(3).And.OnlyContain(answer => answer.Outcome == DeliveryOutcome.Accepted);
    }

    [Fact]
    public void A_QoS_2_message_that_was_refused_is_not_taken_for_one_that_is_here()
    {
        Limits = new LimitsOptions { MaxQueuedMessages = 1 };
        StartConnected(1);
        Close(1);
        Deliver(1, "first", qos: 2, id: new MessageId(7, 1));
        Deliver(2, "second", qos: 2, id: new MessageId(7, 2));
        Answers();
        Connect(2);
        Registry.Messages.Clear();

        Deliver(3, "second", qos: 2, id: new MessageId(7, 2));

        Answers().Should().Equal((3, DeliveryOutcome.Accepted));
        Deliveries().Select(delivery => delivery.Payload).Should().Equal("second");
    }

    [Fact]
    public void A_wrong_acknowledgement_ends_the_connection_and_an_unknown_one_does_not()
    {
        StartConnected(1);
        Deliver(1, "a");
        Registry.Messages.Clear();
        Acknowledge(1, PacketType.PubAck, 99);
        NothingIsTold();
        Acknowledge(1, PacketType.PubRec, 99);
        Told<ConnectionProtocol.Release>(1).ReasonCode.Should().Be(ReasonCode.PacketIdentifierNotFound);
        Acknowledge(1, PacketType.PubComp, 1);
        Told<ConnectionProtocol.Disconnect>(1).ReasonCode.Should().Be(ReasonCode.ProtocolError);
    }

    [Fact]
    public void A_PUBREC_with_an_error_ends_the_exchange_and_one_said_twice_is_answered_twice()
    {
        StartConnected(1, receiveMaximum: 1);
        Deliver(1, "refused", qos: 2);
        Deliver(2, "next", qos: 2);
        Deliveries().Should().ContainSingle();

        Acknowledge(1, PacketType.PubRec, 1, ReasonCode.QuotaExceeded);
        Deliveries().Should().Equal(("next", 2, false));
        Acknowledge(1, PacketType.PubRec, 2);
        Acknowledge(1, PacketType.PubRec, 2);
        Told<ConnectionProtocol.Release>(1).ReasonCode.Should().Be(ReasonCode.Success);
        Told<ConnectionProtocol.Release>(1).ReasonCode.Should().Be(ReasonCode.Success);
    }

    [Fact]
    public void The_end_of_the_session_counts_what_was_still_queued()
    {
        StartConnected(1, expiry: 60);
        Close(1);
        Deliver(1, "a");
        Deliver(2, "b");
        Pass(TimeSpan.FromSeconds(60));
        Services.Dropped[DropReason.SessionEnded].Should().Be(2);
    }
}
