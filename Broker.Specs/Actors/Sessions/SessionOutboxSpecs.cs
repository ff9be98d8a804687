using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Broker.Actors.Routing;
using Broker.Actors.Sessions;
using Broker.Protocol.Packets;
using Broker.Specs.Actors.Connections;
using Microsoft.Extensions.Time.Testing;

namespace Broker.Specs.Actors.Sessions;

/// <summary>The outbox towards a shard region that a probe stands for.</summary>
public class SessionOutboxSpecs : TestKit
{
    private readonly FakeTimeProvider _time = new();
    private readonly TestProbe _region;
    private readonly IActorRef _outbox;

    public SessionOutboxSpecs()
        : base(ConfigurationFactory.ParseString(
            "akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"\nakka.loglevel = WARNING"))
    {
        _region = CreateTestProbe();
        var (region, time) = (_region.Ref, _time);
        _outbox = Sys.ActorOf(Props.Create(() => new SessionOutbox(region, time)).WithDispatcher(CallingThreadDispatcher.Id));
    }

    [Fact]
    public void Lanes_of_different_sessions_do_not_wait_for_each_other()
    {
        Send(("a", null), ("b", null), ("a", null));
        Next().Should().Be(("a", 1, 0));
        Next().Should().Be(("b", 2, 0));
        Next().Should().Be(("a", 3, 1));
    }

    [Fact]
    public void What_is_not_answered_is_repeated_and_what_is_answered_is_not()
    {
        Send(("a", null), ("b", null));
        (Next(), Next()).Should().Be((("a", 1, 0), ("b", 2, 0)));
        _outbox.Tell(new SessionDelivery.Taken("a", 1, DeliveryOutcome.Accepted));

        Pass(TimeSpan.FromSeconds(5));

        Next().Should().Be(("b", 2, 0));
        _region.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void Progress_puts_the_repeat_off()
    {
        Send(("a", null), ("a", null));
        (Next(), Next()).Should().Be((("a", 1, 0), ("a", 2, 1)));
        Pass(TimeSpan.FromSeconds(4));
        _outbox.Tell(new SessionDelivery.Taken("a", 1, DeliveryOutcome.Accepted));
        Pass(TimeSpan.FromSeconds(4));
        _region.ExpectNoMsg(TimeSpan.Zero);
        Pass(TimeSpan.FromSeconds(5));
        Next().Should().Be(("a", 2, 0));
    }

    [Fact]
    public void An_entity_that_lost_its_place_gets_the_lane_again_once_for_all_its_refusals()
    {
        Send(("a", null), ("a", null), ("a", null));
        (Next(), Next(), Next()).Should().Be((("a", 1, 0), ("a", 2, 1), ("a", 3, 2)));
        _outbox.Tell(new SessionDelivery.Taken("a", 1, DeliveryOutcome.Accepted));

        _outbox.Tell(new SessionDelivery.OutOfSequence("a", 2));
        _outbox.Tell(new SessionDelivery.OutOfSequence("a", 3));

        (Next(), Next()).Should().Be((("a", 2, 0), ("a", 3, 2)));
        _region.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void The_answer_reaches_the_publish_that_waits_for_it()
    {
        var pending = new PendingPublish(null, 1, QualityOfService.AtLeastOnce);
        pending.Expect();
        pending.Expect();
        Send(("a", pending), ("b", pending));
        pending.Seal();
        (Next(), Next()).Should().Be((("a", 1, 0), ("b", 2, 0)));

        _outbox.Tell(new SessionDelivery.Taken("a", 1, DeliveryOutcome.QueueFull));
        _outbox.Tell(new SessionDelivery.Taken("a", 1, DeliveryOutcome.QueueFull));
        pending.IsComplete.Should().BeFalse("an answer said twice counts once");
        _outbox.Tell(new SessionDelivery.Taken("b", 2, DeliveryOutcome.NoSession));

        (pending.IsComplete, pending.ReasonCode).Should().Be((true, ReasonCode.QuotaExceeded));
    }

    private void Send(params (string ClientId, PendingPublish? Pending)[] deliveries) => _outbox.Tell(deliveries
        .Select(item => new SessionDelivery(item.ClientId, Packets.Message("t"), QualityOfService.AtLeastOnce, false, null, isShared: false, item.Pending)).ToArray());

    private (string ClientId, long Sequence, long Previous) Next()
    {
        var delivery = _region.ExpectMsg<SessionDelivery>();
        return (delivery.ClientId, delivery.Sequence, delivery.Previous);
    }

    private void Pass(TimeSpan time)
    {
        for (var second = 0; second < time.TotalSeconds; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            ((TestScheduler)Sys.Scheduler).Advance(TimeSpan.FromSeconds(1));
        }
    }
}
