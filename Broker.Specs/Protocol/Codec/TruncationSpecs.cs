using Broker.Protocol.Codec;
using Broker.Protocol.Packets;

namespace Broker.Specs.Protocol.Codec;

/// <summary>A remaining length that does not fit what is inside: the packet ends too early, or goes on too long.</summary>
public class TruncationSpecs
{
    public static TheoryData<PeerRole, ProtocolVersion, string, string> Whole => new()
    {
        { PeerRole.Client, ProtocolVersion.V31, "10", "<MQIsdp> 03 06 003C <c> <w> <m>" },
        { PeerRole.Client, ProtocolVersion.V311, "10", "<MQTT> 04 C6 003C <c> <w> <m> <u> <p>" },
        { PeerRole.Client, ProtocolVersion.V5, "10", "<MQTT> 05 C6 003C 05 11 00000001 <c> 05 18 00000001 <w> <m> <u> <p>" },
        { PeerRole.Client, ProtocolVersion.V311, "82", "0001 <a/b> 01" },
        { PeerRole.Client, ProtocolVersion.V5, "82", "0001 00 <a/b> 01" },
        { PeerRole.Client, ProtocolVersion.V311, "A2", "0001 <a/b>" },
        { PeerRole.Client, ProtocolVersion.V5, "A2", "0001 00 <a/b>" },
        { PeerRole.Client, ProtocolVersion.V311, "62", "0001" },
        { PeerRole.Client, ProtocolVersion.V5, "40", "0001" },
        { PeerRole.Server, ProtocolVersion.V311, "20", "0000" },
        { PeerRole.Server, ProtocolVersion.V5, "20", "00 00 00" },
        { PeerRole.Server, ProtocolVersion.V311, "90", "0001 00" },
        { PeerRole.Server, ProtocolVersion.V5, "90", "0001 00 00" },
        { PeerRole.Server, ProtocolVersion.V311, "B0", "0001" },
        { PeerRole.Server, ProtocolVersion.V5, "B0", "0001 00 00" },
    };

    public static TheoryData<PeerRole, ProtocolVersion, string, string> WithoutOpenEnd => new()
    {
        { PeerRole.Client, ProtocolVersion.V31, "10", "<MQIsdp> 03 02 003C <c>" },
        { PeerRole.Client, ProtocolVersion.V311, "10", "<MQTT> 04 02 003C <c>" },
        { PeerRole.Client, ProtocolVersion.V5, "10", "<MQTT> 05 02 003C 00 <c>" },
        { PeerRole.Client, ProtocolVersion.V311, "40", "0001" },
        { PeerRole.Client, ProtocolVersion.V311, "50", "0001" },
        { PeerRole.Client, ProtocolVersion.V31, "62", "0001" },
        { PeerRole.Client, ProtocolVersion.V311, "70", "0001" },
        { PeerRole.Client, ProtocolVersion.V5, "40", "0001 00 00" },
        { PeerRole.Client, ProtocolVersion.V311, "C0", "" },
        { PeerRole.Client, ProtocolVersion.V5, "C0", "" },
        { PeerRole.Client, ProtocolVersion.V311, "E0", "" },
        { PeerRole.Client, ProtocolVersion.V5, "E0", "00 00" },
        { PeerRole.Client, ProtocolVersion.V5, "F0", "18 04 15 <m>" },
        { PeerRole.Server, ProtocolVersion.V311, "20", "0000" },
        { PeerRole.Server, ProtocolVersion.V5, "20", "00 00 00" },
        { PeerRole.Server, ProtocolVersion.V5, "D0", "" },
        { PeerRole.Server, ProtocolVersion.V311, "B0", "0001" },
    };

    [Theory]
    [MemberData(nameof(Whole))]
    public void A_packet_that_ends_within_its_fields_is_refused(PeerRole peer, ProtocolVersion version, string first, string body)
    {
        var content = Wire.Bytes(body);
        CodecHarness.DecodeWhole(Decoder(peer, version, first), [Wire.Bytes(first)[0], (byte)content.Length, .. content]);
        for (var length = 0; length < content.Length; length++)
        {
            byte[] cut = [Wire.Bytes(first)[0], (byte)length, .. content[..length]];
            CodecHarness.Refusal(Decoder(peer, version, first), cut)
                .Should().BeOneOf([ReasonCode.MalformedPacket, ReasonCode.ProtocolError], Convert.ToHexString(cut));
        }
    }

    [Theory]
    [MemberData(nameof(WithoutOpenEnd))]
    public void Bytes_left_over_make_a_packet_malformed(PeerRole peer, ProtocolVersion version, string first, string body)
    {
        var content = Wire.Bytes(body);
        CodecHarness.DecodeWhole(Decoder(peer, version, first), [Wire.Bytes(first)[0], (byte)content.Length, .. content]);

        byte[] longer = [Wire.Bytes(first)[0], (byte)(content.Length + 1), .. content, 0x00];

        CodecHarness.Refusal(Decoder(peer, version, first), longer).Should().Be(ReasonCode.MalformedPacket);
    }

    [Theory]
    [InlineData("0001 00 02 1F 00", "a string cut short")]
    [InlineData("0001 00 03 1F 0001", "a string that is not there")]
    [InlineData("0001 00 05 26 0001 61 00", "a user property without a value")]
    [InlineData("0001 00 01 1F", "an identifier alone")]
    [InlineData("0001 00 05 1F 0001 61", "a property length beyond the packet")]
    [InlineData("0001 00 01 1F 0001 61", "a property that goes on behind the property length")]
    [InlineData("0001 00 FF FF FF 7F", "a property length of 256 MB")]
    [InlineData("0001 00 80", "a property length cut short")]
    public void Properties_that_do_not_fit_are_malformed(string body, string why) =>
        CodecHarness.RefusalFromClient(ProtocolVersion.V5, Wire.Packet("40", body)).Should().Be(ReasonCode.MalformedPacket, why);

    private static PacketDecoder Decoder(PeerRole peer, ProtocolVersion version, string first) =>
        CodecHarness.DecoderFor(first == "10" ? PacketType.Connect : PacketType.PingReq, peer, version);
}
