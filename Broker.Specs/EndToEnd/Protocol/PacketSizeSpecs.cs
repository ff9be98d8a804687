using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.EndToEnd.Protocol;

/// <summary>Maximum Packet Size, both ways (sections 3.1.2.11.4 and 3.2.2.3.6).</summary>
public class PacketSizeSpecs(SharedBroker shared) : ProtocolSpecs(shared)
{
    [Theory]
    [InlineData(AtMostOnce)]
    [InlineData(AtLeastOnce)]
    [InlineData(ExactlyOnce)]
    public async Task Drops_a_message_that_is_too_large_for_one_client_for_that_client_only(QualityOfService qos)
    {
        var topic = Unique.Name("size/client");
        await using var small = await Broker.ConnectAsync(V5, maximumPacketSize: 100);
        await using var large = await Broker.ConnectAsync(V5);
        await using var publisher = await Broker.ConnectAsync(V5);
        await small.SubscribeAsync(topic);
        await large.SubscribeAsync(topic);

        await publisher.PublishAsync(topic, new string('x', 100), qos);
        await publisher.PublishAsync(topic, "fits", qos);

        (await large.ReceiveTextsAsync(2)).Should().Equal(new string('x', 100), "fits");
        (await small.ReceiveAsync()).Text().Should().Be("fits");
    }

    [Fact]
    public async Task Tells_MQTT_5_clients_how_large_a_packet_may_be()
    {
        await using var client = await Broker.ConnectAsync(V5);
        client.ConnAck.MaximumPacketSize.Should().Be(1_048_576);
    }

    [Theory]
    [EveryVersion]
    public async Task Refuses_a_packet_that_is_too_large_from_its_fixed_header(ProtocolVersion version)
    {
        await using var client = await Broker.ConnectAsync(version);

        // PUBLISH of 128 MiB, of which nothing more is sent.
        await client.SendAsync(new byte[] { 0x30, 0x80, 0x80, 0x80, 0x40 });

        await client.ExpectRefusalAsync(ReasonCode.PacketTooLarge);
    }

    [Theory]
    [EveryVersion]
    public async Task Takes_a_packet_of_exactly_the_largest_size_and_refuses_one_byte_more(ProtocolVersion version)
    {
        var topic = Unique.Name("size/limit");
        await using var client = await Broker.ConnectAsync(version);
        var overhead = 4 + 2 + topic.Length + (version == V5 ? 1 : 0);

        await client.PublishAsync(topic, new string('x', 1_048_576 - overhead));
        await client.SendAsync(new PublishPacket { Topic = topic, Payload = new byte[1_048_577 - overhead] });

        await client.ExpectRefusalAsync(ReasonCode.PacketTooLarge);
    }
}
