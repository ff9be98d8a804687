using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using Broker.Specs.Protocol.Codec;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.Conformance;

/// <summary>
/// No reason string and no user property makes a packet too large for the client (Maximum Packet Size, MQTT 5). Each spec provokes the
/// answer that has most to explain.
/// </summary>
public class PacketSizeStatements(SharedBroker shared) : StatementSpecs(shared)
{
    private const int Small = 40;

    [Fact]
    [Statement(V5, "MQTT-3.2.2-19", "MQTT-3.2.2-20")]
    public async Task CONNACK()
    {
        // Maximum Packet Size 8, and an authentication method that nobody has.
        var connect = Wire.Packet("10", $"<MQTT> 05 02 0000 0D 27 00000008 15 <absnt> <{Unique.Name("refused")}>");

        var answer = await RawExchange.UntilClosedAsync(Broker, connect, Wire.Bytes("E000"));

        if (answer.Length > 8)
        {
            var connAck = (ConnAckPacket)CodecHarness.FromServer(V5, answer);
            connAck.ReasonString.Should().BeNull();
            connAck.UserProperties.Should().BeEmpty();
        }
    }

    [Fact]
    [Statement(V5, "MQTT-3.4.2-2", "MQTT-3.4.2-3")]
    public async Task PUBACK() => await ExpectSmallAsync<PubAckPacket>(Wire.Packet("32", "<a> 0001 00 'x'"));

    [Fact]
    [Statement(V5, "MQTT-3.5.2-2", "MQTT-3.5.2-3")]
    public async Task PUBREC() => await ExpectSmallAsync<PubRecPacket>(Wire.Packet("34", "<a> 0001 00 'x'"));

    [Fact]
    [Statement(V5, "MQTT-3.6.2-2", "MQTT-3.6.2-3")]
    public async Task PUBREL()
    {
        await using var client = await Broker.ConnectAsync(V5, maximumPacketSize: Small);
        var topic = Unique.Name("r");
        await client.SubscribeAsync(topic);
        await client.PublishAsync(topic, "x", ExactlyOnce);
        var packetId = (await client.ExpectEventuallyAsync<PublishPacket>()).PacketId;

        await client.SendAsync(new PubRecPacket { PacketId = packetId });
        ExpectSmall(await client.ExpectAsync<PubRelPacket>());
        await client.SendAsync(new PubCompPacket { PacketId = packetId });

        // PUBREC for what was completed is answered too.
        await client.SendAsync(new PubRecPacket { PacketId = packetId });
        if (await client.NextAsync() is PubRelPacket unknown)
        {
            ExpectSmall(unknown);
        }
    }

    [Fact]
    [Statement(V5, "MQTT-3.7.2-2", "MQTT-3.7.2-3")]
    public async Task PUBCOMP() => await ExpectSmallAsync<PubCompPacket>(Wire.Bytes("62 02 4321"));

    [Fact]
    [Statement(V5, "MQTT-3.9.2-1", "MQTT-3.9.2-2")]
    public async Task SUBACK() => await ExpectSmallAsync<SubAckPacket>(Wire.Packet("82", "0001 00 <$share/x> 00"));

    [Fact]
    [Statement(V5, "MQTT-3.11.2-1", "MQTT-3.11.2-2")]
    public async Task UNSUBACK() => await ExpectSmallAsync<UnsubAckPacket>(Wire.Packet("A2", "0001 00 <never/subscribed>"));

    [Fact]
    [Statement(V5, "MQTT-3.14.2-3", "MQTT-3.14.2-4")]
    public async Task DISCONNECT() =>
        await ExpectSmallAsync<DisconnectPacket>(
            Wire.Packet("30", "<a/+> 00 'x'"), Wire.Packet("82", "0001 00"), Wire.Bytes("F0 00"), Wire.Packet("30", "<> 03 23 FFFF 'x'"));

    /// <summary>The server may end the connection instead of answering.</summary>
    private async Task ExpectSmallAsync<TPacket>(params byte[][] provocations)
        where TPacket : Packet
    {
        foreach (var provocation in provocations)
        {
            await using var client = await Broker.ConnectAsync(V5, maximumPacketSize: Small);
            await client.SendAsync((byte[])[.. provocation, 0xC0, 0x00]);
            if (await client.NextAsync() is { } answer)
            {
                Require(answer is not PingRespPacket, "a broker that objects");
                if (answer is not DisconnectPacket)
                {
                    answer.Should().BeOfType<TPacket>();
                }

                ExpectSmall(answer);
            }
            else
            {
                await client.ExpectCloseAsync();
            }
        }
    }

    private static void ExpectSmall(Packet packet) => CodecHarness.Encode(packet, V5).Length.Should().BeLessThanOrEqualTo(Small);
}
