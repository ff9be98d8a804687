using Broker.Protocol.Codec;
using Broker.Protocol.Packets;

namespace Broker.Specs.Protocol.Codec;

/// <summary>Each of the 256 codes in each packet of MQTT 5 from each side, against the tables of the standard.</summary>
public class ReasonCodeRulesSpecs
{
    private const string Disconnect = "00 80 81 82 83 90 93 94 95 96 97 98 99";

    public static TheoryData<PeerRole, string, string, string, string> Tables => new()
    {
        { PeerRole.Server, "20", "00", "00", "00 80 81 82 83 84 85 86 87 88 89 8A 8C 90 95 97 99 9A 9B 9C 9D 9F" },
        { PeerRole.Client, "40", "0001", "", "00 80 83 87 90 91 97 99" },
        { PeerRole.Server, "40", "0001", "", "00 10 80 83 87 90 91 97 99" },
        { PeerRole.Client, "50", "0001", "", "00 80 83 87 90 91 97 99" },
        { PeerRole.Server, "50", "0001", "", "00 10 80 83 87 90 91 97 99" },
        { PeerRole.Client, "62", "0001", "", "00 92" },
        { PeerRole.Server, "62", "0001", "", "00 92" },
        { PeerRole.Client, "70", "0001", "", "00 92" },
        { PeerRole.Server, "70", "0001", "", "00 92" },
        { PeerRole.Server, "90", "0001 00", "", "00 01 02 80 83 87 8F 91 97 9E A1 A2" },
        { PeerRole.Server, "B0", "0001 00", "", "00 11 80 83 87 8F 91" },
        { PeerRole.Client, "E0", "", "", Disconnect + " 04" },
        { PeerRole.Server, "E0", "", "", Disconnect + " 87 89 8B 8C 8D 8E 8F 9A 9B 9C 9D 9E 9F A0 A1 A2" },
        { PeerRole.Client, "F0", "", "04 15 <m>", "18 19" },
        { PeerRole.Server, "F0", "", "04 15 <m>", "00 18" },
    };

    [Theory]
    [MemberData(nameof(Tables))]
    public void A_packet_carries_only_its_own_codes(PeerRole peer, string first, string before, string after, string allowed)
    {
        var accepted = Wire.Bytes(allowed);
        for (var code = 0; code < 256; code++)
        {
            var bytes = Wire.Packet(first, $"{before} {code:X2} {after}");
            if (accepted.Contains((byte)code))
            {
                CodecHarness.DecodeWhole(CodecHarness.Decoder(peer, ProtocolVersion.V5), bytes);
            }
            else
            {
                CodecHarness.Refusal(CodecHarness.Decoder(peer, ProtocolVersion.V5), bytes)
                    .Should().Be(ReasonCode.ProtocolError, $"0x{code:X2}");
            }
        }
    }

    [Fact]
    public void An_empty_AUTH_means_success_which_a_client_cannot_send() =>
        CodecHarness.RefusalFromClient(ProtocolVersion.V5, Wire.Bytes("F0 00")).Should().Be(ReasonCode.ProtocolError);

    [Theory]
    [InlineData(ProtocolVersion.V311, "00 06")]
    [InlineData(ProtocolVersion.V31, "00 80")]
    [InlineData(ProtocolVersion.V311, "01 05")]
    [InlineData(ProtocolVersion.V5, "01 87 00")]
    public void CONNACK_is_a_known_code_and_no_refusal_has_a_session(ProtocolVersion version, string body) =>
        CodecHarness.RefusalFromServer(version, Wire.Packet("20", body)).Should().Be(ReasonCode.ProtocolError);

    [Theory]
    [InlineData(ProtocolVersion.V311, "02 00")]
    [InlineData(ProtocolVersion.V5, "80 00 00")]
    public void The_reserved_flags_of_CONNACK_are_0(ProtocolVersion version, string body) =>
        CodecHarness.RefusalFromServer(version, Wire.Packet("20", body)).Should().Be(ReasonCode.MalformedPacket);

    [Theory]
    [InlineData("40")]
    [InlineData("50")]
    [InlineData("62")]
    [InlineData("70")]
    public void Acknowledgements_name_a_packet(string first)
    {
        foreach (var version in CodecHarness.Versions)
        {
            CodecHarness.RefusalFromClient(version, Wire.Packet(first, "0000")).Should().Be(ReasonCode.ProtocolError);
        }
    }
}
