using Broker.Protocol.Codec;
using Broker.Protocol.Packets;

namespace Broker.Specs.Protocol.Codec;

public class VariableByteIntegerSpecs
{
    [Theory]
    [InlineData(0, "00")]
    [InlineData(127, "7F")]
    [InlineData(128, "80 01")]
    [InlineData(16_383, "FF 7F")]
    [InlineData(16_384, "80 80 01")]
    [InlineData(2_097_151, "FF FF 7F")]
    [InlineData(2_097_152, "80 80 80 01")]
    [InlineData(268_435_455, "FF FF FF 7F")]
    public void Values_at_the_edges_take_the_bytes_that_the_standard_gives(int value, string notation)
    {
        var expected = Wire.Bytes(notation);
        var destination = new byte[4];

        var written = VariableByteInteger.Write(destination, value);

        destination[..written].Should().Equal(expected);
        VariableByteInteger.Size(value).Should().Be(expected.Length);
        VariableByteInteger.TryRead([.. expected, 0xFF], out var read, out var length).Should().BeTrue();
        read.Should().Be(value);
        length.Should().Be(expected.Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("80")]
    [InlineData("FF FF")]
    [InlineData("FF FF FF")]
    public void An_unfinished_one_waits_for_more(string notation) =>
        VariableByteInteger.TryRead(Wire.Bytes(notation), out _, out _).Should().BeFalse();

    [Theory]
    [InlineData("80 00")]
    [InlineData("FF 00")]
    [InlineData("80 80 00")]
    [InlineData("81 80 80 00")]
    [InlineData("80 80 80 80")]
    [InlineData("FF FF FF FF 01")]
    public void Too_many_bytes_are_malformed(string notation)
    {
        var read = () => VariableByteInteger.TryRead(Wire.Bytes(notation), out _, out _);
        read.Should().Throw<MqttProtocolException>().Which.ReasonCode.Should().Be(ReasonCode.MalformedPacket);
    }
}
