using Broker.Protocol.Packets;

namespace Broker.Specs.Protocol.Codec;

/// <summary>What is refused in SUBSCRIBE, UNSUBSCRIBE and their answers (sections 3.8 to 3.11).</summary>
public class SubscribeStrictnessSpecs
{
    [Theory]
    [InlineData("82", "0001", "0001 00", ReasonCode.ProtocolError, "no filter")]
    [InlineData("A2", "0001", "0001 00", ReasonCode.ProtocolError, "no filter")]
    [InlineData("82", "0000 <a> 00", "0000 00 <a> 00", ReasonCode.ProtocolError, "packet identifier 0")]
    [InlineData("A2", "0000 <a>", "0000 00 <a>", ReasonCode.ProtocolError, "packet identifier 0")]
    [InlineData("82", "0001 <> 00", "0001 00 <> 00", ReasonCode.ProtocolError, "an empty filter")]
    [InlineData("A2", "0001 <>", "0001 00 <>", ReasonCode.ProtocolError, "an empty filter")]
    [InlineData("82", "0001 <a>", "0001 00 <a>", ReasonCode.MalformedPacket, "no options")]
    [InlineData("82", "0001 <a> 03", "0001 00 <a> 03", ReasonCode.ProtocolError, "QoS 3")]
    [InlineData("82", "0001 <a> 40", "0001 00 <a> 40", ReasonCode.MalformedPacket, "a reserved bit")]
    [InlineData("82", "0001 <a> 80", "0001 00 <a> 80", ReasonCode.MalformedPacket, "a reserved bit")]
    [InlineData("82", "0001 <a> 00 <b> C1", "0001 00 <a> 00 <b> C1", ReasonCode.MalformedPacket, "a reserved bit in the second")]
    [InlineData("82", "0001 0001 FF 00", "0001 00 0001 FF 00", ReasonCode.MalformedPacket, "no UTF-8")]
    [InlineData("82", "0001 0001 00 00", "0001 00 0001 00 00", ReasonCode.MalformedPacket, "U+0000")]
    public void Requests_are_checked(string first, string bodyV3, string bodyV5, ReasonCode expected, string why)
    {
        CodecHarness.RefusalFromClient(ProtocolVersion.V31, Wire.Packet(first, bodyV3)).Should().Be(expected, why);
        CodecHarness.RefusalFromClient(ProtocolVersion.V311, Wire.Packet(first, bodyV3)).Should().Be(expected, why);
        CodecHarness.RefusalFromClient(ProtocolVersion.V5, Wire.Packet(first, bodyV5)).Should().Be(expected, why);
    }

    [Theory]
    [InlineData("04")]
    [InlineData("08")]
    [InlineData("10")]
    [InlineData("20")]
    public void The_options_of_MQTT_5_are_reserved_bits_in_MQTT_3(string options)
    {
        var bytes = Wire.Packet("82", "0001 <a> " + options);

        CodecHarness.RefusalFromClient(ProtocolVersion.V311, bytes).Should().Be(ReasonCode.MalformedPacket);
        CodecHarness.FromClient(ProtocolVersion.V5, Wire.Packet("82", "0001 00 <a> " + options)).Should().BeOfType<SubscribePacket>();
    }

    [Theory]
    [InlineData("00 <a> 30", ReasonCode.ProtocolError, "Retain Handling 3")]
    [InlineData("02 0B 00 <a> 00", ReasonCode.ProtocolError, "subscription identifier 0")]
    [InlineData("04 0B 01 0B 02 <a> 00", ReasonCode.ProtocolError, "two subscription identifiers")]
    public void The_options_and_properties_of_MQTT_5_are_checked(string rest, ReasonCode expected, string why) =>
        CodecHarness.RefusalFromClient(ProtocolVersion.V5, Wire.Packet("82", "0001 " + rest)).Should().Be(expected, why);

    [Fact]
    public void No_Local_on_a_shared_subscription_is_left_to_the_broker() =>
        CodecHarness.FromClient(ProtocolVersion.V5, Wire.Packet("82", "0001 00 <$share/g/a> 04"))
            .Should().BeOfType<SubscribePacket>().Which.Subscriptions[0].NoLocal.Should().BeTrue();

    [Theory]
    [InlineData(ProtocolVersion.V311, "90", "0001")]
    [InlineData(ProtocolVersion.V5, "90", "0001 00")]
    [InlineData(ProtocolVersion.V5, "B0", "0001 00")]
    [InlineData(ProtocolVersion.V311, "90", "0000 00")]
    [InlineData(ProtocolVersion.V311, "B0", "0000")]
    [InlineData(ProtocolVersion.V311, "90", "0001 03")]
    [InlineData(ProtocolVersion.V311, "90", "0001 87")]
    public void Answers_are_checked(ProtocolVersion version, string first, string body) =>
        CodecHarness.RefusalFromServer(version, Wire.Packet(first, body)).Should().Be(ReasonCode.ProtocolError);
}
