using Broker.Actors.Routing;
using Broker.Actors.Sessions;
using Broker.Protocol.Packets;
using Broker.Specs.Actors.Connections;

namespace Broker.Specs.Actors.Sessions;

/// <summary>The two ends of the way from a node to a durable session (hard case 5).</summary>
public class LaneSpecs
{
    private readonly RecordingRef _outbox = new();

    [Fact]
    public void A_delivery_says_what_it_follows_as_long_as_that_is_unacknowledged()
    {
        var lane = new OutboxLane();
        var (first, second, third) = (Delivery(), Delivery(), Delivery());
        lane.Add(first, 10, 0);
        lane.Add(second, 13, 0);
        lane.Complete(13, DeliveryOutcome.Accepted, 5);
        lane.Add(third, 20, 6);

        (first.Previous, second.Previous, third.Previous).Should().Be((0, 10, 0));
        lane.LastProgress.Should().Be(6);
    }

    [Fact]
    public void An_answer_stands_for_all_before_it_and_counts_once()
    {
        var lane = new OutboxLane();
        var pending = new PendingPublish(null, 1, QualityOfService.AtLeastOnce);
        foreach (var sequence in (long[])[1, 2, 3])
        {
            pending.Expect();
            lane.Add(Delivery(pending), sequence, 0);
        }

        pending.Seal().Should().BeFalse();
        lane.Complete(2, DeliveryOutcome.Accepted, 0);
        lane.Complete(1, DeliveryOutcome.Accepted, 0);
        (lane.IsEmpty, pending.IsComplete).Should().Be((false, false));
        lane.Complete(3, DeliveryOutcome.Accepted, 0);
        (lane.IsEmpty, pending.IsComplete).Should().Be((true, true));
    }

    [Fact]
    public void A_lane_that_starts_again_sends_everything_unacknowledged_and_the_first_may_begin_anew()
    {
        var lane = new OutboxLane();
        foreach (var sequence in (long[])[1, 2, 3])
        {
            lane.Add(Delivery(), sequence, 0);
        }

        lane.Complete(1, DeliveryOutcome.Accepted, 0);
        lane.ShouldRestart(2).Should().BeTrue();
        lane.Restart(9).Select(delivery => (delivery.Sequence, delivery.Previous)).Should().Equal((2, 0), (3, 2));
        lane.LastProgress.Should().Be(9);
        lane.ShouldRestart(3).Should().BeFalse("it was sent before the restart as well");
    }

    [Fact]
    public void An_entity_takes_a_lane_in_its_order_and_knows_repeats()
    {
        var places = new LanePlaces();
        places.Arrive(_outbox, 2, 1).Should().Be(Arrival.OutOfSequence, "it knows nothing of this lane");
        places.Arrive(_outbox, 1, 0).Should().Be(Arrival.Next);
        places.Arrive(_outbox, 1, 0).Should().Be(Arrival.InProgress);
        places.Arrive(_outbox, 3, 2).Should().Be(Arrival.OutOfSequence);
        places.Arrive(_outbox, 2, 1).Should().Be(Arrival.Next);
        places.Answer(_outbox, 1);
        places.Answer(_outbox, 2);
        places.Arrive(_outbox, 1, 0).Should().Be(Arrival.Answered);
        places.Answer(_outbox, 1);
        places.Arrive(_outbox, 2, 1).Should().Be(Arrival.Answered, "answering an old one again forgets nothing");
        places.Arrive(_outbox, 9, 0).Should().Be(Arrival.Next);
        places.Arrive(new RecordingRef("other"), 1, 0).Should().Be(Arrival.Next, "each node has a lane of its own");
    }

    [Fact]
    public void Ids_of_received_messages_are_kept_until_their_publisher_has_released_them()
    {
        var received = new ReceivedMessages();
        received.TryAdd(new MessageId(1, 1), 1).Should().BeTrue();
        received.TryAdd(new MessageId(1, 2), 1).Should().BeTrue();
        received.TryAdd(new MessageId(2, 1), 1).Should().BeTrue("another publisher counts for itself");
        received.TryAdd(new MessageId(1, 1), 1).Should().BeFalse();
        received.TryAdd(default, 0).Should().BeTrue();
        received.TryAdd(default, 0).Should().BeTrue("what has no identity is never a double");
        received.Count.Should().Be(3);

        received.TryAdd(new MessageId(1, 5), 5).Should().BeTrue();
        received.Count.Should().Be(2);
        received.Remove(new MessageId(1, 5));
        received.TryAdd(new MessageId(1, 5), 5).Should().BeTrue();
    }

    [Fact]
    public void Publishers_without_end_do_not_fill_the_memory()
    {
        var received = new ReceivedMessages();
        received.Restore(new MessageId(-1, 1));
        received.Restore(new MessageId(-1, 2));
        for (var origin = 1; origin <= 3 * ReceivedMessages.MostOrigins; origin++)
        {
            received.TryAdd(new MessageId(origin, 1), 1).Should().BeTrue();
            received.TryAdd(new MessageId(1, 1), 1).Should().BeFalse("it is in use");
        }

        received.Count.Should().Be(1 + ReceivedMessages.MostOrigins);
        received.TryAdd(new MessageId(3 * ReceivedMessages.MostOrigins, 1), 1).Should().BeFalse("it is one of the last");
        received.TryAdd(new MessageId(2, 1), 1).Should().BeTrue("it was forgotten; the store would refuse it");
    }

    private static SessionDelivery Delivery(PendingPublish? pending = null) =>
        new("c", Packets.Message("t"), QualityOfService.AtLeastOnce, false, null, isShared: false, pending);
}
