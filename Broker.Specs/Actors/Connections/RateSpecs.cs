using System.Globalization;
using System.Text;
using Broker.Actors.Connections;
using Broker.Actors.Hosting;
using Broker.Protocol.Packets;

namespace Broker.Specs.Actors.Connections;

/// <summary>A client that sends faster than it may.</summary>
public sealed class RateSpecs
{
    private const int Rate = 10;

    [Fact]
    public void It_is_held_when_its_burst_is_used_up_and_nothing_is_lost()
    {
        var (broker, publisher, subscriber) = Given(new LimitsOptions { MaxMessageRate = Rate });

        publisher.Send([.. Enumerable.Range(0, 25).Select(Message)]);
        broker.Run();
        publisher.IsPaused.Should().BeTrue();
        subscriber.Sent.Should().HaveCount(Rate);

        Pass(broker, 100);
        subscriber.Sent.Should().HaveCount(Rate + 1, "one came in a tenth of a second");
        for (var tenth = 0; tenth < 14; tenth++)
        {
            publisher.IsPaused.Should().BeTrue();
            Pass(broker, 100);
        }

        subscriber.Sent.Should().HaveCount(25);
        Pass(broker, 100);
        publisher.IsPaused.Should().BeFalse();
        subscriber.Payloads().Should().Equal(Enumerable.Range(0, 25).Select(number => number.ToString(CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData(QualityOfService.AtMostOnce)]
    [InlineData(QualityOfService.AtLeastOnce)]
    [InlineData(QualityOfService.ExactlyOnce)]
    public void Messages_count_whatever_their_QoS(QualityOfService qos)
    {
        var (broker, publisher, _) = Given(new LimitsOptions { MaxMessageRate = Rate });

        publisher.Send([.. Enumerable.Range(1, Rate - 1).Select(id => Packets.Publish("t", "x", qos, (ushort)(qos == QualityOfService.AtMostOnce ? 0 : id)))]);
        publisher.IsPaused.Should().BeFalse();
        publisher.Send(Packets.Publish("t", "x", qos, (ushort)(qos == QualityOfService.AtMostOnce ? 0 : Rate)));

        publisher.IsPaused.Should().BeTrue();
        broker.Run();
    }

    [Fact]
    public void Bytes_count_whatever_they_are()
    {
        var (broker, publisher, _) = Given(new LimitsOptions { MaxByteRate = 1_000 });

        publisher.BytesReceived += 999;
        publisher.Send(PingReqPacket.Instance);
        publisher.IsPaused.Should().BeFalse();
        publisher.BytesReceived += 5_001;
        publisher.Send(PingReqPacket.Instance);
        publisher.IsPaused.Should().BeTrue();

        Pass(broker, 4_900);
        publisher.IsPaused.Should().BeTrue("5,000 are to be paid");
        Pass(broker, 200);
        publisher.IsPaused.Should().BeFalse();
    }

    [Fact]
    public void A_longer_burst_lets_more_come_at_once()
    {
        var (broker, publisher, subscriber) = Given(new LimitsOptions { MaxMessageRate = Rate, RateBurst = TimeSpan.FromSeconds(2) });

        publisher.Send([.. Enumerable.Range(0, 25).Select(Message)]);
        broker.Run();

        subscriber.Sent.Should().HaveCount(2 * Rate);
    }

    [Fact]
    public void Who_is_held_is_not_taken_for_silent()
    {
        var broker = new TestBroker(limits: new LimitsOptions { MaxByteRate = 10 });
        var client = broker.Connect(new ConnectPacket { Version = ProtocolVersion.V5, ClientId = "c", KeepAlive = 1 });
        client.BytesReceived += 1_000;
        client.Send(PingReqPacket.Instance);

        broker.Pass(TimeSpan.FromSeconds(90));

        client.IsClosed.Should().BeFalse();
    }

    [Fact]
    public void A_connection_that_ends_while_it_is_held_leaves_nothing_behind()
    {
        var (broker, publisher, _) = Given(new LimitsOptions { MaxMessageRate = Rate });
        publisher.Send([.. Enumerable.Range(0, 25).Select(Message)]);

        publisher.Break();
        Pass(broker, 5_000);

        broker.Context.Directory.Count.Should().Be(1, "the subscriber is there");
    }

    [Fact]
    public void Without_limits_there_is_nothing_to_count() => ClientRate.For(new LimitsOptions(), 0).Should().BeNull();

    private static (TestBroker Broker, FakeChannel Publisher, FakeChannel Subscriber) Given(LimitsOptions limits)
    {
        var broker = new TestBroker(limits: limits);
        var (publisher, subscriber) = (broker.Connect("p"), broker.Connect("s"));
        broker.Subscribe(subscriber, "t");
        return (broker, publisher, subscriber);
    }

    private static void Pass(TestBroker broker, int milliseconds)
    {
        broker.Time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        broker.Run();
    }

    private static PublishPacket Message(int number) => new() { Topic = "t", Payload = Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture)) };
}
