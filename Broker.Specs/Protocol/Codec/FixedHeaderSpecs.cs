using Broker.Protocol.Codec;
using Broker.Protocol.Packets;

namespace Broker.Specs.Protocol.Codec;

/// <summary>The first byte and the remaining length (section 2.1).</summary>
public class FixedHeaderSpecs
{
    /// <summary>The first bytes that each side may send in each version once CONNECT is done; every other is refused at sight.</summary>
    public static TheoryData<PeerRole, ProtocolVersion, string> Allowed => new()
    {
        { PeerRole.Client, ProtocolVersion.V31, "30 31 32 33 34 35 3A 3B 3C 3D 40 50 62 6A 70 82 8A A2 AA C0 E0" },
        { PeerRole.Client, ProtocolVersion.V311, "30 31 32 33 34 35 3A 3B 3C 3D 40 50 62 70 82 A2 C0 E0" },
        { PeerRole.Client, ProtocolVersion.V5, "30 31 32 33 34 35 3A 3B 3C 3D 40 50 62 70 82 A2 C0 E0 F0" },
        { PeerRole.Server, ProtocolVersion.V31, "20 30 31 32 33 34 35 3A 3B 3C 3D 40 50 62 6A 70 90 B0 D0" },
        { PeerRole.Server, ProtocolVersion.V311, "20 30 31 32 33 34 35 3A 3B 3C 3D 40 50 62 70 90 B0 D0" },
        { PeerRole.Server, ProtocolVersion.V5, "20 30 31 32 33 34 35 3A 3B 3C 3D 40 50 62 70 90 B0 D0 E0 F0" },
    };

    [Theory]
    [MemberData(nameof(Allowed))]
    public void A_first_byte_is_accepted_or_refused_before_more_arrives(PeerRole peer, ProtocolVersion version, string allowed)
    {
        var accepted = Wire.Bytes(allowed);
        for (var first = 0; first < 256; first++)
        {
            var decoder = CodecHarness.Decoder(peer, version);
            var decode = () => decoder.TryDecode([(byte)first], out _, out _);
            if (accepted.Contains((byte)first))
            {
                decode.Should().NotThrow($"0x{first:X2} is allowed");
                decoder.TryDecode([(byte)first], out _, out _).Should().BeFalse();
            }
            else
            {
                decode.Should().Throw<MqttProtocolException>($"0x{first:X2} is not allowed");
            }
        }
    }

    [Theory]
    [InlineData("00", ReasonCode.MalformedPacket, "type 0")]
    [InlineData("36", ReasonCode.MalformedPacket, "QoS 3")]
    [InlineData("38", ReasonCode.MalformedPacket, "DUP at QoS 0")]
    [InlineData("80", ReasonCode.MalformedPacket, "SUBSCRIBE without its reserved bit")]
    [InlineData("60", ReasonCode.MalformedPacket, "PUBREL without its reserved bit")]
    [InlineData("A3", ReasonCode.MalformedPacket, "UNSUBSCRIBE with another bit")]
    [InlineData("41", ReasonCode.MalformedPacket, "PUBACK with a flag")]
    [InlineData("C8", ReasonCode.MalformedPacket, "PINGREQ with a flag")]
    [InlineData("20", ReasonCode.ProtocolError, "CONNACK")]
    [InlineData("90", ReasonCode.ProtocolError, "SUBACK")]
    [InlineData("B0", ReasonCode.ProtocolError, "UNSUBACK")]
    [InlineData("D0", ReasonCode.ProtocolError, "PINGRESP")]
    public void From_a_client_the_reason_is_told(string first, ReasonCode expected, string why) =>
        CodecHarness.RefusalFromClient(ProtocolVersion.V5, Wire.Bytes(first)).Should().Be(expected, why);

    [Theory]
    [InlineData("30 80 00", "not minimal")]
    [InlineData("30 80 80 80 80", "five bytes, from the fourth on")]
    [InlineData("30 FF FF FF FF 01", "five bytes")]
    public void A_wrong_remaining_length_is_malformed_in_every_version(string bytes, string why)
    {
        foreach (var version in CodecHarness.Versions)
        {
            CodecHarness.RefusalFromClient(version, Wire.Bytes(bytes)).Should().Be(ReasonCode.MalformedPacket, why);
        }
    }

    [Theory]
    [InlineData("30 7F", 129)]
    [InlineData("30 80 01", 131)]
    [InlineData("30 FF FF FF 7F", 268_435_460)]
    public void A_packet_over_the_limit_is_refused_as_soon_as_its_size_is_known(string header, int size)
    {
        var bytes = Wire.Bytes(header);

        CodecHarness.Refusal(CodecHarness.Decoder(PeerRole.Client, ProtocolVersion.V311, size - 1), bytes)
            .Should().Be(ReasonCode.PacketTooLarge);
        CodecHarness.Decoder(PeerRole.Client, ProtocolVersion.V311, size).TryDecode(bytes, out _, out var consumed).Should().BeFalse();
        consumed.Should().Be(0);
    }

    [Fact]
    public void CONNECT_is_held_to_the_limit_too()
    {
        var decoder = new PacketDecoder(PeerRole.Client) { MaximumPacketSize = 100 };

        CodecHarness.Refusal(decoder, Wire.Bytes("10 FF 7F")).Should().Be(ReasonCode.PacketTooLarge);
    }

    [Fact]
    public void Nothing_is_consumed_without_bytes() =>
        new PacketDecoder(PeerRole.Client).TryDecode([], out _, out _).Should().BeFalse();
}
