using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.EndToEnd.Protocol;

/// <summary>A subscriber that does not read harms itself only.</summary>
public class SlowSubscriberSpecs(SharedBroker shared) : ProtocolSpecs(shared)
{
    [Fact]
    public async Task Loses_its_own_QoS_0_messages_while_everybody_else_gets_all()
    {
        var topic = Unique.Name("slow/qos0");
        await using var slow = await Broker.ConnectAsync(V5);
        await using var healthy = await Broker.ConnectAsync(V5);
        await using var publisher = await Broker.ConnectAsync(V311);
        await slow.SubscribeAsync(topic, AtMostOnce);
        await healthy.SubscribeAsync(topic, AtMostOnce);
        slow.StopReading();

        // Far more than the sockets' buffers and the broker's bound for one connection hold.
        var payload = new string('x', 100_000);
        foreach (var number in Enumerable.Range(1, 400))
        {
            await publisher.PublishAsync(topic, $"{number} {payload}");
            (await healthy.ReceiveAsync()).Text().Should().StartWith($"{number} ");
        }
    }

    [Fact]
    public async Task Does_not_hold_the_publisher_of_QoS_1_messages_for_others()
    {
        var topic = Unique.Name("slow/qos1");
        await using var stuck = await Broker.ConnectAsync(V5);
        await using var healthy = await Broker.ConnectAsync(V5);
        await using var publisher = await Broker.ConnectAsync(V311);
        await stuck.SubscribeAsync(topic, AtLeastOnce);
        await healthy.SubscribeAsync(topic, AtLeastOnce);
        stuck.StopReading();

        // More than the window and the queue of the one that never acknowledges.
        foreach (var number in Enumerable.Range(1, 3_000))
        {
            await publisher.PublishAsync(topic, $"{number}", AtLeastOnce);
            (await healthy.ReceiveAsync()).Text().Should().Be($"{number}");
        }
    }
}
