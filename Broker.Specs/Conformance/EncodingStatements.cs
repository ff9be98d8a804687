using Broker.Specs.EndToEnd.Harness;
using Broker.Specs.Protocol.Codec;
using static Broker.Protocol.Packets.ProtocolVersion;

namespace Broker.Specs.Conformance;

/// <summary>Bytes of packets that any content can break (sections 1.5.5, 2.1.3 and 2.2.2), MQTT 5.</summary>
public class EncodingStatements(SharedBroker shared) : StatementSpecs(shared)
{
    [Theory]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(16_383)]
    [InlineData(16_384)]
    [Statement(V5, "MQTT-1.5.5-1", "MQTT-2.2.2-1", "MQTT-2.1.3-1")]
    public async Task Lengths_take_no_more_bytes_than_they_need(int remainingLength)
    {
        var topic = Unique.Name("length");
        var payload = new string('x', remainingLength - 2 - topic.Length - 1);
        var publish = Wire.Packet("30", $"<{topic}> 00 '{payload}'");

        var answer = await RawExchange.UntilClosedAsync(
            Broker,
            Connect(V5, $"<{Unique.Name("lengths")}>"),
            Wire.Packet("82", $"0001 00 <{topic}> 00"),
            publish,
            Wire.Bytes("C000"),
            Wire.Bytes("E000"));

        var packets = Split(answer);
        packets.Select(packet => packet[0]).Should().Contain([0x20, 0x90, 0x30]);
        packets.Single(packet => packet[0] == 0x30).Should().Equal(publish);
    }

    [Fact]
    [Statement(V5, "MQTT-4.13.1-1")]
    [Statement(V5, "MQTT-1.5.5-1", IsOurAnswer = true)]
    public async Task A_length_of_more_than_four_bytes_ends_the_connection() =>
        await ExpectEndAsync(V5, Wire.Bytes("30 FF FF FF FF 01"), Wire.Packet("30", "<a/b> FF FF FF FF 01"));

    [Fact]
    [Statement(V5, "MQTT-4.13.1-1")]
    [Statement(V5, "MQTT-2.2.2-1", IsOurAnswer = true)]
    public async Task A_packet_without_its_property_length_ends_the_connection() =>
        await ExpectEndAsync(V5, Wire.Packet("30", "<a/b>"), Wire.Packet("82", "0001 <a/b> 00"), Wire.Packet("A2", "0001"));

    [Fact]
    [Statement(V5, "MQTT-4.13.1-1")]
    [Statement(V5, "MQTT-2.1.3-1", IsOurAnswer = true)]
    public async Task Reserved_flags_end_the_connection() =>
        await ExpectEndAsync(V5, Wire.Bytes("C1 00"), Wire.Bytes("41 02 0001"), Wire.Bytes("51 02 0001"), Wire.Bytes("71 02 0001"));

    [Fact]
    [Statement(V311, "MQTT-2.2.2-2")]
    public async Task Reserved_flags_end_the_connection_in_MQTT_3() =>
        await ExpectEndAsync(V311, Wire.Bytes("C1 00"), Wire.Bytes("41 02 0001"), Wire.Bytes("51 02 0001"), Wire.Bytes("71 02 0001"));

    /// <summary>Packets by their first byte and their length, which must not begin with a byte that says no more than that more follow.</summary>
    private static List<byte[]> Split(byte[] bytes)
    {
        var packets = new List<byte[]>();
        for (var start = 0; start < bytes.Length;)
        {
            int length = 0, shift = 0, at = start + 1;
            while (true)
            {
                var next = bytes[at++];
                length |= (next & 0x7F) << shift;
                shift += 7;
                if (next < 0x80)
                {
                    (next == 0 && shift > 7).Should().BeFalse("a length ends with a byte that counts");
                    break;
                }
            }

            packets.Add(bytes[start..(at + length)]);
            start = at + length;
        }

        return packets;
    }
}
