using Broker.Actors.Hosting;
using Broker.Protocol.Packets;

namespace Broker.Specs.Actors.Connections;

/// <summary>Limits that are changed while clients are connected.</summary>
public sealed class ChangedLimitsSpecs
{
    [Fact]
    public void A_rate_holds_for_who_is_connected()
    {
        var broker = new TestBroker();
        var client = broker.Connect("c");
        client.Send(Packets.Publish("t"), Packets.Publish("t"), Packets.Publish("t"));
        client.IsPaused.Should().BeFalse();

        Change(broker, limits => limits with { MaxMessageRate = 2 });
        client.Send(Packets.Publish("t"), Packets.Publish("t"), Packets.Publish("t"));

        client.IsPaused.Should().BeTrue();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_000)]
    public void Who_is_held_by_a_rate_goes_on_with_a_higher_one_or_without(int rate)
    {
        var broker = new TestBroker(limits: new LimitsOptions { MaxMessageRate = 1 });
        var client = broker.Connect("c");
        client.Send(Packets.Publish("t"), Packets.Publish("t"));
        client.IsPaused.Should().BeTrue();

        Change(broker, limits => limits with { MaxMessageRate = rate });

        client.IsPaused.Should().BeFalse();
        broker.Time.Advance(TimeSpan.FromSeconds(10));
        broker.Run();
        client.IsPaused.Should().BeFalse("a timer of before ends nothing");
    }

    [Fact]
    public void A_queue_that_waits_has_other_bounds_and_keeps_what_it_has()
    {
        var broker = new TestBroker(limits: new LimitsOptions { MaxQueuedMessages = 3 });
        var subscriber = broker.Connect(new ConnectPacket { Version = ProtocolVersion.V5, ClientId = "s", ReceiveMaximum = 1 });
        broker.Subscribe(subscriber, "t", QualityOfService.AtLeastOnce);
        var publisher = broker.Connect("p");
        Publish(1, 4);

        Change(broker, limits => limits with { MaxQueuedMessages = 1 });
        Publish(5, 5);
        Change(broker, limits => limits with { MaxQueuedMessages = 5 });
        Publish(6, 7);

        Received().Should().Equal("1", "2", "3", "4", "6", "7");

        void Publish(int from, int to)
        {
            for (var number = from; number <= to; number++)
            {
                publisher.Send(Packets.Publish1((ushort)number, "t", $"{number}"));
                broker.Run();
            }
        }

        IEnumerable<string> Received()
        {
            while (subscriber.Sent.Count > 0)
            {
                var message = subscriber.Next<PublishPacket>();
                yield return System.Text.Encoding.UTF8.GetString(message.Payload.Span);
                subscriber.Send(new PubAckPacket { PacketId = message.PacketId });
                broker.Run();
            }
        }
    }

    [Fact]
    public void Who_reads_too_slowly_has_other_bounds_too()
    {
        var broker = new TestBroker(limits: new LimitsOptions { MaxOutboundBuffer = 100 });
        var subscriber = broker.Connect("s");
        broker.Subscribe(subscriber, "t");
        subscriber.IsWritable = false;
        var publisher = broker.Connect("p");
        publisher.Send(Packets.Publish("t", new string('x', 60)));

        Change(broker, limits => limits with { MaxOutboundBuffer = 1_000 });
        publisher.Send(Packets.Publish("t", new string('x', 60)));
        broker.Run();
        subscriber.BecomeWritable();
        broker.Run();

        subscriber.Sent.Should().HaveCount(2);
    }

    [Fact]
    public void Who_connects_from_now_on_is_told_of_the_new_ones()
    {
        var broker = new TestBroker();
        Change(broker, limits => limits with { MaxConnections = 1, MaxKeepAlive = TimeSpan.FromSeconds(60) });

        var first = broker.Open();
        first.Send(new ConnectPacket { Version = ProtocolVersion.V5, ClientId = "1", KeepAlive = 300 });
        broker.Sessions.Next<Broker.Actors.Sessions.SessionProtocol.Connect>();
        broker.Answer(first, new Broker.Actors.Connections.ConnectionProtocol.SessionBound(false, IsDurable: false));
        first.Next<ConnAckPacket>().ServerKeepAlive.Should().Be(60);

        var second = broker.Open();
        second.Send(new ConnectPacket { Version = ProtocolVersion.V5, ClientId = "2" });
        broker.Run();
        second.Next<ConnAckPacket>().ReasonCode.Should().Be(ReasonCode.QuotaExceeded);
    }

    private static void Change(TestBroker broker, Func<LimitsOptions, LimitsOptions> change)
    {
        broker.Context.CurrentLimits.Replace(change(broker.Context.Limits));
        broker.Run();
    }
}
