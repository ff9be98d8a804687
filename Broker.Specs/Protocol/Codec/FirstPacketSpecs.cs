using Broker.Protocol.Codec;
using Broker.Protocol.Packets;

namespace Broker.Specs.Protocol.Codec;

/// <summary>What a decoder accepts before, as, and after CONNECT.</summary>
public class FirstPacketSpecs
{
    [Fact]
    public void Anything_but_CONNECT_is_refused_by_its_first_byte()
    {
        for (var first = 0; first < 256; first++)
        {
            if (first >> 4 != (int)PacketType.Connect)
            {
                CodecHarness.Refusal(new PacketDecoder(PeerRole.Client), [(byte)first]).Should().Be(ReasonCode.ProtocolError);
            }
        }
    }

    [Fact]
    public void CONNECT_with_flags_in_its_first_byte_is_malformed()
    {
        for (var flags = 1; flags < 16; flags++)
        {
            CodecHarness.Refusal(new PacketDecoder(PeerRole.Client), [(byte)(0x10 | flags)]).Should().Be(ReasonCode.MalformedPacket);
        }
    }

    [Theory]
    [InlineData(ProtocolVersion.V31)]
    [InlineData(ProtocolVersion.V311)]
    [InlineData(ProtocolVersion.V5)]
    public void A_second_CONNECT_is_a_protocol_error_and_leaves_the_version_alone(ProtocolVersion version)
    {
        var decoder = CodecHarness.Decoder(PeerRole.Client, version);

        CodecHarness.Refusal(decoder, Wire.Packet("10", "<MQTT> 05 02 0000 00 <>")).Should().Be(ReasonCode.ProtocolError);

        decoder.Version.Should().Be(version);
    }

    [Fact]
    public void A_CONNECT_that_was_refused_does_not_count()
    {
        var decoder = new PacketDecoder(PeerRole.Client);
        CodecHarness.Refusal(decoder, Wire.Packet("10", "<MQTT> 04 01 0000 <>")).Should().Be(ReasonCode.MalformedPacket);

        CodecHarness.Refusal(decoder, Wire.Bytes("C0 00")).Should().Be(ReasonCode.ProtocolError);
    }

    [Theory]
    [InlineData("<MQTT> 03")]
    [InlineData("<MQTT> 00")]
    [InlineData("<MQTT> 06")]
    [InlineData("<MQTT> 85")]
    [InlineData("<MQTT> 83")]
    [InlineData("<MQIsdp> 04")]
    [InlineData("<MQIsdp> 05")]
    [InlineData("<MQXX> 04")]
    [InlineData("<MQXX> 05")]
    [InlineData("<mqtt> 04")]
    [InlineData("<> 04")]
    public void An_unknown_protocol_is_refused_as_such(string start)
    {
        var decoder = new PacketDecoder(PeerRole.Client);

        CodecHarness.Refusal(decoder, Wire.Packet("10", start + " 02 003C <c>")).Should().Be(ReasonCode.UnsupportedProtocolVersion);

        decoder.Version.Should().Be(ProtocolVersion.V311, "the refusal is return code 1 of MQTT 3.1.1 [MQTT-3.1.2-2]");
    }

    [Theory]
    [InlineData("01 0000 00 <>")]
    [InlineData("02 0000 03 21 0000 <>")]
    [InlineData("02 0000 00")]
    [InlineData("02 00")]
    public void The_version_is_known_even_where_the_rest_of_CONNECT_is_broken(string rest)
    {
        var decoder = new PacketDecoder(PeerRole.Client);
        decoder.Version.Should().Be(ProtocolVersion.V311);

        CodecHarness.Refusal(decoder, Wire.Packet("10", "<MQTT> 05 " + rest));

        decoder.Version.Should().Be(ProtocolVersion.V5);
    }

    [Fact]
    public void A_protocol_name_that_is_no_text_is_malformed() =>
        CodecHarness.Refusal(new PacketDecoder(PeerRole.Client), Wire.Packet("10", "0004 4D 51 54 FF 04 02 0000 <>"))
            .Should().Be(ReasonCode.MalformedPacket);

    [Fact]
    public void A_server_need_not_start_with_CONNACK_but_never_sends_CONNECT()
    {
        CodecHarness.FromServer(ProtocolVersion.V5, Wire.Bytes("F0 00")).Should().BeOfType<AuthPacket>();
        CodecHarness.RefusalFromServer(ProtocolVersion.V5, Wire.Bytes("10")).Should().Be(ReasonCode.ProtocolError);
    }
}
