using Broker.Actors.Connections;
using Broker.Actors.Routing;
using Broker.Protocol.Packets;

namespace Broker.Specs.Actors.Connections;

/// <summary>Which messages are measured, and from when to when.</summary>
public sealed class PublishTimesSpecs
{
    private readonly TestBroker _broker = new(loops: 2);
    private readonly List<double> _routed = [];
    private readonly List<double> _delivered = [];
    private readonly List<double> _acknowledged = [];

    public PublishTimesSpecs()
    {
        _broker.Loops.Times.Routed = _routed.Add;
        _broker.Loops.Times.Delivered = _delivered.Add;
        _broker.Loops.Times.Acknowledged = _acknowledged.Add;
    }

    [Fact]
    public void The_first_message_in_50_ms_is_measured_and_the_others_are_not()
    {
        var publisher = _broker.Connect("p");

        publisher.Send(Packets.Publish("t"), Packets.Publish("t"));
        publisher.Send(Packets.Publish("t"));
        _routed.Should().ContainSingle();

        _broker.Time.Advance(TimeSpan.FromMilliseconds(PublishTimes.SampleEvery - 1));
        publisher.Send(PingReqPacket.Instance);
        publisher.Send(Packets.Publish("t"));
        _routed.Should().ContainSingle();

        _broker.Time.Advance(TimeSpan.FromMilliseconds(1));
        publisher.Send(PingReqPacket.Instance);
        publisher.Send(Packets.Publish("t"), Packets.Publish("t"));
        _routed.Should().HaveCount(2);
    }

    [Fact]
    public void It_is_delivered_once_it_is_flushed_on_each_loop_that_has_subscribers()
    {
        var publisher = _broker.Connect("p");
        foreach (var loop in (int[])[0, 0, 1, 1])
        {
            _broker.Subscribe(_broker.Connect(Unique(), loop: loop), "t");
        }

        publisher.Send(Packets.Publish("t"));
        _broker.Time.Advance(TimeSpan.FromMilliseconds(3));
        _broker.Run(0);
        _broker.Time.Advance(TimeSpan.FromMilliseconds(4));
        _broker.Run();

        _delivered.Should().SatisfyRespectively(own => own.Should().BeApproximately(0.003, 1e-5), other => other.Should().BeApproximately(0.007, 1e-5));
    }

    [Fact]
    public void A_message_that_nobody_gets_is_not_delivered()
    {
        _broker.Connect("p").Send(Packets.Publish("t"));
        _broker.Run();

        _delivered.Should().BeEmpty();
    }

    [Fact]
    public void It_is_acknowledged_with_its_PUBACK()
    {
        var publisher = _broker.Connect("p");
        publisher.Send(Packets.Publish1(1, "t"));
        _acknowledged.Should().ContainSingle().Which.Should().BeApproximately(0, 1e-5);

        _broker.Time.Advance(TimeSpan.FromMilliseconds(60));
        publisher.Send(PingReqPacket.Instance);
        publisher.Send(new PublishPacket { Topic = "t", QoS = QualityOfService.AtLeastOnce, PacketId = 2, Retain = true });
        _broker.Time.Advance(TimeSpan.FromMilliseconds(20));
        _acknowledged.Should().ContainSingle("its retained write is not made");
        _broker.CompleteRetained();

        _acknowledged.Should().HaveCount(2);
        _acknowledged[1].Should().BeApproximately(0.02, 1e-5);
    }

    [Fact]
    public void What_waited_until_its_client_came_is_not_measured()
    {
        var durable = _broker.ConnectDurable("d");
        var before = Message(_broker);
        _broker.Time.Advance(TimeSpan.FromMilliseconds(50));
        var late = _broker.Connect("late");

        Deliver(late, before);
        _delivered.Should().BeEmpty();
        Deliver(durable, before);
        _delivered.Should().ContainSingle("it was there");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1L << 32)]
    [InlineData((1L << 32) - 1)]
    public void A_stamp_is_never_the_one_of_what_is_not_measured_and_never_of_the_future(long microseconds)
    {
        var time = new FixedTime(microseconds);
        var times = new PublishTimes(time);

        var stamp = times.Stamp();
        stamp.Should().NotBe(PublishTimes.NotMeasured);
        times.Since(stamp).Should().BeInRange(0, 2e-6);
        time.Microseconds += 1_000_000;
        times.Since(stamp).Should().BeInRange(1, 1 + 2e-6);
    }

    private static string Unique() => Guid.NewGuid().ToString("N");

    private static Publication Message(TestBroker broker) =>
        new() { Topic = "t", Payload = default, Stamp = broker.Loops.Times.Stamp() };

    private void Deliver(FakeChannel channel, Publication message)
    {
        ((ClientConnection)channel.Handler).Deliver(new Delivery(message, QualityOfService.AtMostOnce, Retain: false, SubscriptionIdentifiers: null));
        _broker.Run();
    }

    private sealed class FixedTime(long microseconds) : TimeProvider
    {
        public long Microseconds { get; set; } = microseconds;

        public override long TimestampFrequency => 1_000_000;

        public override long GetTimestamp() => Microseconds;
    }
}
