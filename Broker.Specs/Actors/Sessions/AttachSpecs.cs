using Akka.Actor;
using Broker.Actors.Connections;
using Broker.Actors.Routing;
using Broker.Actors.Sessions;
using Broker.Actors.Sessions.Guards;
using Broker.Actors.Storage;
using Broker.Protocol.Packets;

namespace Broker.Specs.Actors.Sessions;

/// <summary>A connection goes on with a new entity of its session, and the client notices nothing (decision 0009).</summary>
public class AttachSpecs : SessionSpecsBase
{
    [Fact]
    public void What_the_client_acknowledged_to_the_entity_before_is_finished_and_the_rest_is_not_sent_again()
    {
        StartConnected(1);
        Deliver(1, "a");
        Deliver(2, "b", previous: 1);
        Deliveries().Should().Equal(("a", 1, false), ("b", 2, false));
        Crash();

        Start();
        Attach(1, 2, highestPosition: 2, [new OutboundReport(2, 2, QualityOfService.AtLeastOnce, OutboundProgress.Sent)]);

        Attached(1, 2);
        NothingIsTold();
        Deliver(3, "c");
        Deliveries().Should().Equal(("c", 3, false));
        Reconnect();
        Deliveries().Should().Equal(("b", 2, true), ("c", 3, true));
    }

    [Fact]
    public void A_message_that_was_sent_before_it_was_written_down_keeps_its_packet_id()
    {
        LoseWhatWasSentAndNotWrittenDown();

        Start();
        Attach(1, 2, highestPosition: 1, [new OutboundReport(1, 1, QualityOfService.AtLeastOnce, OutboundProgress.Sent)]);
        Attached(1, 2);
        Deliver(2, "b");

        Deliveries().Should().Equal(("b", 2, false));
        Reconnect();
        Deliveries().Should().Equal(("a", 1, true), ("b", 2, true));
    }

    [Fact]
    public void A_message_that_was_sent_and_acknowledged_before_either_was_written_down_is_not_sent_again()
    {
        LoseWhatWasSentAndNotWrittenDown();

        Start();
        Attach(1, 2, highestPosition: 1);
        Attached(1, 2);

        NothingIsTold();
        Reconnect();
        Deliveries().Should().BeEmpty();
    }

    [Fact]
    public void What_waited_while_it_loaded_waits_on_where_the_connection_makes_it_load_again()
    {
        LoseWhatWasSentAndNotWrittenDown();

        Store.HoldReads();
        Start();
        Attach(1, 2, highestPosition: 1, [new OutboundReport(1, 1, QualityOfService.AtLeastOnce, OutboundProgress.Sent)]);
        Deliver(2, "b");
        Deliver(3, "c", previous: 2);
        Store.ReleaseReads();
        Attached(1, 2);

        AwaitCondition(() => Outbox.Messages.Count == 2, Deadline, Poll);
        Answers().Should().Equal((2, DeliveryOutcome.Accepted), (3, DeliveryOutcome.Accepted));
        Deliveries().Should().Equal(("b", 2, false), ("c", 3, false));
    }

    [Fact]
    public void A_message_that_was_lost_on_the_way_to_the_connection_is_sent_again_under_its_packet_id()
    {
        StartConnected(1);
        Deliver(1, "a");
        Deliver(2, "b", qos: 2, previous: 1, id: new MessageId(5, 1));
        AwaitCondition(() => Registry.Messages.Count == 2, Deadline, Poll);
        Crash();

        Start();
        Attach(1, 2);
        Attached(1, 2);

        Deliveries().Should().Equal(("a", 1, false), ("b", 2, false));
    }

    [Fact]
    public void PUBREL_follows_a_PUBREC_that_was_lost()
    {
        StartConnected(1);
        Deliver(1, "a", qos: 2, id: new MessageId(5, 1));
        Told<ConnectionProtocol.Deliveries>(1);
        Crash();

        Start();
        Attach(1, 2, highestPosition: 1, [new OutboundReport(1, 1, QualityOfService.ExactlyOnce, OutboundProgress.Received)]);
        Attached(1, 2);

        Told<ConnectionProtocol.Release>(1).Should().Be(new ConnectionProtocol.Release(1, ReasonCode.Success, 1));
        Acknowledge(1, PacketType.PubComp, 1);
        Reconnect();
        NothingIsTold();
    }

    [Fact]
    public void A_QoS_2_publish_of_the_client_keeps_its_number_and_one_that_was_refused_does_not()
    {
        StartConnected(1);
        Entity.Tell(new SessionProtocol.NumberInbound(ClientId, 1, 7));
        Entity.Tell(new SessionProtocol.NumberInbound(ClientId, 1, 8));
        Entity.Tell(new SessionProtocol.NumberInbound(ClientId, 1, 9));
        var seven = Told<ConnectionProtocol.InboundNumbered>(1).Id;
        var eight = Told<ConnectionProtocol.InboundNumbered>(1).Id;
        Told<ConnectionProtocol.InboundNumbered>(1);
        Crash();

        Start();
        Attach(
            1,
            2,
            inbound: [new InboundReport(7, InboundProgress.Numbering), new InboundReport(8, InboundProgress.ForgottenAndNumbering), new InboundReport(9, InboundProgress.Releasing)]);
        Attached(1, 2);

        Told<ConnectionProtocol.InboundNumbered>(1).Id.Should().Be(seven);
        Told<ConnectionProtocol.InboundNumbered>(1).Id.Number.Should().BeGreaterThan(eight.Number);
        Told<ConnectionProtocol.InboundReleased>(1).Should().Be(new ConnectionProtocol.InboundReleased(9, WasKnown: true));
    }

    [Fact]
    public void SUBSCRIBE_that_was_not_answered_is_made_and_answered()
    {
        StartConnected(1);
        Crash();

        Start();
        Attach(1, 2, subscribe: new SessionProtocol.Subscribe(ClientId, 1, 5, [Given.Subscription("t")]));
        Attached(1, 2);

        Told<ConnectionProtocol.Subscribed>(1).PacketId.Should().Be(5);
        Store.RoutesOf(ClientId).Should().Equal("t");
    }

    [Fact]
    public void What_was_on_its_way_under_an_older_attachment_changes_nothing()
    {
        StartConnected(1);
        Deliver(1, "a");
        Deliveries().Should().Equal(("a", 1, false));
        Attach(1, 3, highestPosition: 1, [new OutboundReport(1, 1, QualityOfService.AtLeastOnce, OutboundProgress.Sent)]);
        Attached(1, 3);

        Attach(1, 2);
        Tell(new SessionProtocol.Acknowledged(ClientId, 1, PacketType.PubAck, 1, ReasonCode.Success), new LaneMark(2, 1));
        Tell(new SessionProtocol.Acknowledged(ClientId, 1, PacketType.PubAck, 1, ReasonCode.Success), new LaneMark(1, 9));

        NothingIsTold();
        Reconnect();
        Deliveries().Should().Equal(("a", 1, true));
    }

    [Fact]
    public void A_gap_makes_the_entity_ask_for_all_that_the_connection_knows()
    {
        StartConnected(1);
        Tell(new SessionProtocol.Acknowledged(ClientId, 1, PacketType.PubAck, 1, ReasonCode.Success), new LaneMark(1, 1));
        NothingIsTold();

        Tell(new SessionProtocol.Acknowledged(ClientId, 1, PacketType.PubAck, 1, ReasonCode.Success), new LaneMark(1, 3));

        Told<ConnectionProtocol.Resume>(1);
    }

    [Fact]
    public void A_new_entity_that_hears_of_a_packet_asks_for_all_that_the_connection_knows()
    {
        StartConnected(1);
        Crash();
        Store.HoldReads();
        Start();

        Tell(new SessionProtocol.Acknowledged(ClientId, 1, PacketType.PubAck, 1, ReasonCode.Success), new LaneMark(1, 4));
        Told<ConnectionProtocol.Resume>(1);
        Attach(1, 2);
        Store.ReleaseReads();

        Attached(1, 2);
    }

    [Fact]
    public void The_answers_are_numbered_from_one_with_each_attachment()
    {
        StartConnected(1);
        Deliver(1, "a");
        Mark().Should().Be(new LaneMark(1, 1));
        Deliver(2, "b", previous: 1);
        Mark().Should().Be(new LaneMark(1, 2));

        Attach(1, 2);
        (Mark(), Mark()).Should().Be((new LaneMark(2, 1), new LaneMark(2, 2)));
    }

    [Fact]
    public void A_connection_whose_session_is_gone_is_closed_and_counted()
    {
        Start();
        Attach(1, 2);

        Told<ConnectionProtocol.Disconnect>(1).ReasonCode.Should().Be(ReasonCode.ServerBusy);
        Services.NotAdopted.Should().Be(1);
    }

    [Fact]
    public void A_connection_that_is_served_already_is_asked_again_until_it_attaches()
    {
        StartConnected(1);
        Crash();
        StartWhereItIsServed(1);
        Told<ConnectionProtocol.Resume>(1);
        Deliver(1, "a");
        NothingIsTold();

        Pass(TimeSpan.FromSeconds(2));
        Told<ConnectionProtocol.Resume>(1);
        Pass(TimeSpan.FromSeconds(2));
        Told<ConnectionProtocol.Resume>(1);
        Attach(1, 2);
        Attached(1, 2);
        Deliveries().Should().Equal(("a", 1, false));

        Pass(TimeSpan.FromMinutes(1));
        NothingIsTold();
    }

    [Fact]
    public void A_CONNECT_that_comes_late_leaves_the_lane_of_its_connection_as_it_is()
    {
        StartConnected(1);
        Crash();
        StartWhereItIsServed(1);
        Told<ConnectionProtocol.Resume>(1);
        Attach(1, 5);
        Attached(1, 5);

        Entity.Tell(new SessionProtocol.Connect(
            ClientId, new ConnectionRef(ClientId, 1, Registry), false, TimeSpan.FromHours(1), 10, Will: null, Attempt: 1));

        NothingIsTold();
        Deliver(1, "a");
        Mark().Should().Be(new LaneMark(5, 2));
    }

    [Fact]
    public void A_connection_that_the_entity_counts_as_closed_and_that_says_it_is_there_is_asked_for_what_it_knows()
    {
        StartConnected(1);
        Close(1);
        Settle();

        Tell(new SessionProtocol.Checked(ClientId, 1), new LaneMark(1, 1));

        Told<ConnectionProtocol.Resume>(1);
    }

    [Fact]
    public void A_connection_whose_entity_has_failed_is_told_to_go_and_where_that_is_lost_goes_on()
    {
        Guards = new ShardGuards();
        Guards.Add(Shard, []);
        StartConnected(1);
        Store.IsManual = true;
        Deliver(1, "a");

        Store.Fail(new StorageException("the disk is full"));
        Store.ComeBack();

        Told<ConnectionProtocol.Disconnect>(1);
        Told<ConnectionProtocol.Resume>(1);
    }

    private void StartWhereItIsServed(long number)
    {
        Guards = new ShardGuards();
        Guards.Add(Shard, [(new ConnectionRef(ClientId, number, Registry), true)]);
        Start();
    }

    private LaneMark Mark()
    {
        AwaitCondition(() => !Registry.Messages.IsEmpty, Deadline, Poll);
        return Registry.Next<ConnectionRegistry.ToConnection>().Mark;
    }

    private void Tell(SessionProtocol.FromConnection message, LaneMark mark)
    {
        message.Mark = mark;
        Entity.Tell(message, Registry);
    }

    private void Reconnect()
    {
        Settle();
        Close(1);
        Connect(2);
        Bound(2);
        Settle();
    }

    /// <summary>The node dies, and what it had not committed is lost.</summary>
    private void Lose()
    {
        Crash();
        while (Store.Waiting > 0)
        {
            Store.Fail(new StorageException("the node is dead"));
        }

        Store.IsManual = false;
    }

    // "a" was sent under packet id 1; that it was is lost with the entity, or its acknowledgement is.
    private void LoseWhatWasSentAndNotWrittenDown()
    {
        StartConnected(1);
        Store.IsManual = true;
        Deliver(1, "a");
        Commit(1, answers: 1);
        Deliveries().Should().Equal(("a", 1, false));
        Lose();
    }
}
