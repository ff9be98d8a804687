using System.Text;
using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.EndToEnd.Protocol;

/// <summary>Receive Maximum, both ways (section 4.9).</summary>
public class FlowControlSpecs(SharedBroker shared) : ProtocolSpecs(shared)
{
    [Theory]
    [InlineData(AtLeastOnce)]
    [InlineData(ExactlyOnce)]
    public async Task Leaves_no_more_messages_unacknowledged_than_the_client_allows(QualityOfService qos)
    {
        var topic = Unique.Name("flow/client");
        await using var subscriber = await Broker.ConnectAsync(V5, receiveMaximum: 2);
        await using var publisher = await Broker.ConnectAsync(V5);
        await subscriber.SubscribeAsync(topic);
        foreach (var text in (string[])["1", "2", "3", "4"])
        {
            await publisher.PublishAsync(topic, text, qos);
        }

        var first = await subscriber.ExpectAsync<PublishPacket>();
        var second = await subscriber.ExpectAsync<PublishPacket>();
        await subscriber.ExpectNothingAsync();

        await subscriber.AcknowledgeAsync(first);
        (await subscriber.ExpectEventuallyAsync<PublishPacket>()).Text().Should().Be("3");
        await subscriber.ExpectNothingAsync();
        await subscriber.AcknowledgeAsync(second);
        (await subscriber.ExpectEventuallyAsync<PublishPacket>()).Text().Should().Be("4");
    }

    [Fact]
    public async Task Sends_QoS_0_messages_though_the_window_is_full()
    {
        var topic = Unique.Name("flow/qos0");
        await using var subscriber = await Broker.ConnectAsync(V5, receiveMaximum: 1);
        await using var publisher = await Broker.ConnectAsync(V5);
        await subscriber.SubscribeAsync(topic);
        await publisher.PublishAsync(topic, "1", AtLeastOnce);
        await publisher.PublishAsync(topic, "2", AtLeastOnce);

        await publisher.PublishAsync(topic, "0", AtMostOnce);

        (await subscriber.ExpectAsync<PublishPacket>()).Text().Should().Be("1");
        (await subscriber.ExpectAsync<PublishPacket>()).Text().Should().Be("0");
    }

    [Fact]
    public async Task Keeps_to_the_client_s_window_when_a_session_with_a_long_queue_is_resumed()
    {
        string topic = Unique.Name("flow/resumed"), clientId = Unique.Name("window");
        await using (var first = await Broker.ConnectPersistentAsync(V5, clientId))
        {
            await first.SubscribeAsync(topic, AtLeastOnce);
        }

        await using var publisher = await Broker.ConnectAsync(V5);
        foreach (var number in Enumerable.Range(1, 10))
        {
            await publisher.PublishAsync(topic, $"{number}", AtLeastOnce);
        }

        await using var again = await Broker.ConnectPersistentAsync(V5, clientId, receiveMaximum: 1);
        foreach (var number in Enumerable.Range(1, 10))
        {
            var message = await again.ExpectAsync<PublishPacket>();
            message.Text().Should().Be($"{number}");
            await again.ExpectNothingAsync();
            await again.AcknowledgeAsync(message);
        }
    }

    [Fact]
    public async Task Disconnects_a_client_that_exceeds_the_broker_s_Receive_Maximum()
    {
        var topic = Unique.Name("flow/server");
        await using var client = await Broker.ConnectAsync(V5);
        client.ConnAck.ReceiveMaximum.Should().NotBeNull("a broker without bound could not be exceeded");

        // QoS 2 without PUBREL: each message stays unacknowledged.
        var sent = Enumerable.Range(1, client.ConnAck.ReceiveMaximum!.Value + 1).Select(id => new PublishPacket
        {
            Topic = topic,
            Payload = Encoding.UTF8.GetBytes("x"),
            QoS = ExactlyOnce,
            PacketId = (ushort)id,
        });
        await client.SendAsync([.. sent]);

        var end = await client.ExpectEventuallyAsync<DisconnectPacket>();
        end.ReasonCode.Should().Be(ReasonCode.ReceiveMaximumExceeded);
    }
}
