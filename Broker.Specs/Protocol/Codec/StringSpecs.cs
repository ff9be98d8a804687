using Broker.Protocol.Packets;

namespace Broker.Specs.Protocol.Codec;

/// <summary>UTF-8 strings (section 1.5.4), wherever they stand.</summary>
public class StringSpecs
{
    [Theory]
    [InlineData("C0 80", "U+0000, overlong")]
    [InlineData("C1 BF", "overlong, two bytes")]
    [InlineData("E0 9F BF", "overlong, three bytes")]
    [InlineData("F0 8F BF BF", "overlong, four bytes")]
    [InlineData("ED A0 80", "a high surrogate")]
    [InlineData("ED BF BF", "a low surrogate")]
    [InlineData("ED A0 BD ED B8 80", "a pair of surrogates")]
    [InlineData("F4 90 80 80", "above U+10FFFF")]
    [InlineData("F8 88 80 80 80", "five bytes")]
    [InlineData("80", "a continuation alone")]
    [InlineData("61 E2 82", "cut short")]
    [InlineData("FF", "no UTF-8 byte at all")]
    [InlineData("00", "U+0000")]
    [InlineData("61 00 62", "U+0000 within")]
    public void What_is_no_proper_text_is_malformed_everywhere(string hex, string why)
    {
        var text = Wire.Bytes(hex);
        var field = $"00 {text.Length:X2} {hex}";
        foreach (var body in (string[])[$"{field} 00", $"<t> {text.Length + 3:X2} 03 {field}", $"<t> {text.Length + 6:X2} 26 <k> {field}"])
        {
            CodecHarness.RefusalFromClient(ProtocolVersion.V5, Wire.Packet("30", body)).Should().Be(ReasonCode.MalformedPacket, why);
        }

        CodecHarness.RefusalFromClient(ProtocolVersion.V311, Wire.Packet("30", field)).Should().Be(ReasonCode.MalformedPacket, why);
        CodecHarness.Refusal(new(Broker.Protocol.Codec.PeerRole.Client), Wire.Packet("10", $"<MQTT> 04 02 0000 {field}"))
            .Should().Be(ReasonCode.MalformedPacket, why);
    }

    [Theory]
    [InlineData("EF BB BF 61", "\uFEFFa", "a byte order mark stays")]
    [InlineData("61 EF BB BF", "a\uFEFF", "a byte order mark stays")]
    [InlineData("01 7F C2 80", "\u0001\u007F\u0080", "control characters are allowed")]
    [InlineData("EF BF BF", "\uFFFF", "and so are noncharacters")]
    [InlineData("F0 9F 98 80", "\U0001F600", "beyond the basic plane")]
    [InlineData("F4 8F BF BF", "\U0010FFFF", "the last one")]
    [InlineData("ED 9F BF EE 80 80", "\uD7FF\uE000", "on both sides of the surrogates")]
    public void What_is_proper_text_is_kept_as_it_is(string hex, string expected, string why)
    {
        var field = $"00 {Wire.Bytes(hex).Length:X2} {hex}";

        var packet = (PublishPacket)CodecHarness.FromClient(ProtocolVersion.V311, Wire.Packet("30", field));

        packet.Topic.Should().Be(expected, why);
    }
}
