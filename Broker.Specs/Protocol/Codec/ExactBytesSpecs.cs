using Broker.Protocol.Codec;

namespace Broker.Specs.Protocol.Codec;

/// <summary>Bytes made by hand against the model, in both directions.</summary>
public class ExactBytesSpecs
{
    private static readonly WireExample[] All =
    [
        .. ConnectExamples.All, .. ConnAckExamples.All, .. PublishExamples.All, .. AcknowledgementExamples.All,
        .. SubscriptionExamples.All, .. FarewellExamples.All,
    ];

    public static TheoryData<WireExample> Examples => [.. All];

    public static TheoryData<WireExample> CanonicalExamples => [.. All.Where(example => example.IsCanonical)];

    [Theory]
    [MemberData(nameof(Examples))]
    public void Bytes_are_read_as_the_standard_says(WireExample example)
    {
        ArgumentNullException.ThrowIfNull(example);
        var decoder = CodecHarness.DecoderFor(example.Packet.Type, example.Peer, example.Version);

        var packet = CodecHarness.DecodeWhole(decoder, Wire.Bytes(example.Bytes));

        PacketText.Of(packet).Should().Be(PacketText.Of(example.Packet));
        decoder.Version.Should().Be(example.Version);
    }

    [Theory]
    [MemberData(nameof(CanonicalExamples))]
    public void Packets_are_written_as_the_standard_says(WireExample example)
    {
        ArgumentNullException.ThrowIfNull(example);
        var expected = Wire.Bytes(example.Bytes);

        Convert.ToHexString(CodecHarness.Encode(example.Packet, example.Version)).Should().Be(Convert.ToHexString(expected));
        PacketEncoder.GetSize(example.Packet, example.Version).Should().Be(expected.Length);
    }
}
