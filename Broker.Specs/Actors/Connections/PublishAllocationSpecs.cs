using Broker.Actors.Connections;
using Broker.Actors.Routing;
using Broker.Protocol.Packets;
using Broker.Specs.Support;

namespace Broker.Specs.Actors.Connections;

/// <summary>What a QoS 0 message costs in memory between OnPacket and the subscribers' output, to the byte.</summary>
public class PublishAllocationSpecs
{
    private const int Rounds = 1_000;
    private static object? _kept;

    [Theory]
    [InlineData(ProtocolVersion.V311, 0)]
    [InlineData(ProtocolVersion.V311, 1)]
    [InlineData(ProtocolVersion.V5, 1)]
    public void To_one_subscriber_it_is_nothing(ProtocolVersion version, int subscribers) =>
        AllocatedPerMessage(version, subscribers).Should().Be(0);

    [Theory]
    [InlineData(ProtocolVersion.V311)]
    [InlineData(ProtocolVersion.V5)]
    public void To_many_it_is_one_frame_more_however_many_they_are(ProtocolVersion version)
    {
        var two = AllocatedPerMessage(version, 2);
        AllocatedPerMessage(version, 50).Should().Be(two);
        two.Should().BeLessThanOrEqualTo(MostForAFrame);
    }

    [Fact]
    public void To_another_loop_it_is_the_Publication_alone()
    {
        var broker = new TestBroker(loops: 2);
        var (publisher, subscriber) = (broker.Connect("p", loop: 0), broker.Connect("s", loop: 1));
        broker.Subscribe(subscriber, "t");
        AllocatedPerMessage(broker, publisher).Should().Be(PublicationSize());
    }

    [Theory]
    [InlineData(ProtocolVersion.V311)]
    [InlineData(ProtocolVersion.V5)]
    public void At_QoS_1_it_is_the_Publication_until_it_is_acknowledged(ProtocolVersion version)
    {
        var broker = new TestBroker();
        var publisher = broker.Connect("p", version);
        var subscriber = broker.Connect("s", version);
        broker.Subscribe(subscriber, "t", QualityOfService.AtLeastOnce);
        AllocatedPerMessage(broker, publisher, QualityOfService.AtLeastOnce, subscriber).Should().Be(PublicationSize());
    }

    /// <summary>The frame and its array: 24 + 8 bytes of object, 24 of array, 64 of payload and at most 16 of header and topic.</summary>
    private const int MostForAFrame = 136;

    private static long AllocatedPerMessage(ProtocolVersion version, int subscribers)
    {
        var broker = new TestBroker();
        var publisher = broker.Connect("p", version);
        for (var i = 0; i < subscribers; i++)
        {
            broker.Subscribe(broker.Connect($"s{i}", version), "t");
        }

        return AllocatedPerMessage(broker, publisher);
    }

    private static long AllocatedPerMessage(
        TestBroker broker, FakeChannel publisher, QualityOfService qos = QualityOfService.AtMostOnce, FakeChannel? acknowledging = null)
    {
        var packet = Packets.Publish("t", new string('x', 64), qos, (ushort)(qos == QualityOfService.AtMostOnce ? 0 : 1));
        return Allocations.Least(() =>
        {
            var allocated = 0L;
            for (var i = 0; i < Rounds + 100; i++)
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                publisher.Handler.OnPacket(packet);
                allocated += i < 100 ? 0 : GC.GetAllocatedBytesForCurrentThread() - before;
                broker.Run();
                foreach (var delivered in acknowledging?.Sent.OfType<PublishPacket>() ?? [])
                {
                    acknowledging!.Handler.OnPacket(new PubAckPacket { PacketId = delivered.PacketId });
                }

                acknowledging?.Sent.Clear();
            }

            return allocated / Rounds;
        });
    }

    private static long PublicationSize() => Allocations.Of(1, () => _kept = new Publication { Topic = "t", Payload = default });
}
