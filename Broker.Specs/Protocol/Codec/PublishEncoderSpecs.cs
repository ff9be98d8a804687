using System.Buffers;
using System.Buffers.Binary;
using Broker.Protocol.Codec;
using Broker.Protocol.Packets;

namespace Broker.Specs.Protocol.Codec;

/// <summary>Frames that are encoded once and shared by many subscribers.</summary>
public class PublishEncoderSpecs
{
    private static readonly PublishProperties Properties = new() { MessageExpiryInterval = 100, ContentType = "x" };

    [Theory]
    [InlineData(QualityOfService.AtMostOnce, ProtocolVersion.V311, -1)]
    [InlineData(QualityOfService.AtLeastOnce, ProtocolVersion.V311, 7)]
    [InlineData(QualityOfService.ExactlyOnce, ProtocolVersion.V5, 7)]
    public void The_place_of_the_packet_identifier_is_told(QualityOfService qos, ProtocolVersion version, int expected)
    {
        var output = new ArrayBufferWriter<byte>();
        output.Write("before"u8);

        var offset = PublishEncoder.Write(output, "a/b", new byte[5], qos, false, false, 0, 0, null, null, null, version);

        offset.Should().Be(expected);
        if (offset < 0)
        {
            return;
        }

        var frame = output.WrittenSpan["before"u8.Length..].ToArray();
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(offset), 0xBEEF);
        ((PublishPacket)CodecHarness.FromServer(version, frame)).PacketId.Should().Be(0xBEEF);
    }

    [Theory]
    [InlineData(119, 7)]
    [InlineData(200, 8)]
    [InlineData(20_000, 9)]
    public void The_place_moves_with_the_bytes_of_the_remaining_length(int payload, int expected) =>
        PublishEncoder.Write(
            new ArrayBufferWriter<byte>(), "a/b", new byte[payload], QualityOfService.AtLeastOnce, false, false, 1, 0, null, null, null,
            ProtocolVersion.V311).Should().Be(expected);

    [Theory]
    [InlineData(null, 100u)]
    [InlineData(42u, 42u)]
    [InlineData(0u, 0u)]
    public void The_remaining_expiry_goes_before_that_of_the_properties(uint? remaining, uint expected) =>
        Written(Properties, remaining).Properties!.MessageExpiryInterval.Should().Be(expected);

    [Fact]
    public void The_remaining_expiry_needs_no_properties() =>
        Written(null, 42).Properties.Should().Be(new PublishProperties { MessageExpiryInterval = 42 });

    [Fact]
    public void DUP_is_left_out_at_QoS_0()
    {
        var output = new ArrayBufferWriter<byte>();
        PublishEncoder.Write(
            output, "t", default, QualityOfService.AtMostOnce, true, duplicate: true, 7, 0, null, null, null, ProtocolVersion.V311);
        output.WrittenSpan.ToArray().Should().Equal(Wire.Bytes("31 03 <t>"));
    }

    [Fact]
    public void MQTT_3_gets_neither_alias_nor_properties()
    {
        var output = new ArrayBufferWriter<byte>();
        PublishEncoder.Write(
            output, "t", default, QualityOfService.AtMostOnce, false, false, 0, 9, [1], Properties, 42, ProtocolVersion.V311);
        output.WrittenSpan.ToArray().Should().Equal(Wire.Bytes("30 03 <t>"));
        PublishEncoder.GetSize(
            "t", default, QualityOfService.AtMostOnce, false, false, 0, 9, [1], Properties, 42, ProtocolVersion.V311).Should().Be(5);
    }

    [Theory]
    [InlineData(PacketType.PubAck, ReasonCode.Success, ProtocolVersion.V5, "40 02 1234")]
    [InlineData(PacketType.PubRec, ReasonCode.NotAuthorized, ProtocolVersion.V5, "50 03 1234 87")]
    [InlineData(PacketType.PubRel, ReasonCode.PacketIdentifierNotFound, ProtocolVersion.V5, "62 03 1234 92")]
    [InlineData(PacketType.PubRel, ReasonCode.Success, ProtocolVersion.V311, "62 02 1234")]
    [InlineData(PacketType.PubComp, ReasonCode.PacketIdentifierNotFound, ProtocolVersion.V311, "70 02 1234")]
    public void Bare_acknowledgements_are_as_short_as_they_may_be(
        PacketType type, ReasonCode code, ProtocolVersion version, string expected)
    {
        var output = new ArrayBufferWriter<byte>();
        AcknowledgementEncoder.Write(output, type, 0x1234, code, version);
        output.WrittenSpan.ToArray().Should().Equal(Wire.Bytes(expected));
        AcknowledgementEncoder.GetSize(code, version).Should().Be(output.WrittenCount);
    }

    [Theory]
    [InlineData(PacketType.Publish)]
    [InlineData(PacketType.Subscribe)]
    public void Nothing_else_is_an_acknowledgement(PacketType type)
    {
        var write = () =>
            AcknowledgementEncoder.Write(new ArrayBufferWriter<byte>(), type, 1, ReasonCode.Success, ProtocolVersion.V5);
        write.Should().Throw<ArgumentOutOfRangeException>();
    }

    private static PublishPacket Written(PublishProperties? properties, uint? remaining)
    {
        var output = new ArrayBufferWriter<byte>();
        PublishEncoder.Write(
            output, "t", new byte[3], QualityOfService.AtMostOnce, false, false, 0, 0, null, properties, remaining, ProtocolVersion.V5);
        output.WrittenCount.Should().Be(PublishEncoder.GetSize(
            "t", new byte[3], QualityOfService.AtMostOnce, false, false, 0, 0, null, properties, remaining, ProtocolVersion.V5));
        return (PublishPacket)CodecHarness.FromServer(ProtocolVersion.V5, output.WrittenSpan.ToArray());
    }
}
