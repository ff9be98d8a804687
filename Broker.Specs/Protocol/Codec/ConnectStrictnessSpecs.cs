using Broker.Protocol.Codec;
using Broker.Protocol.Packets;

namespace Broker.Specs.Protocol.Codec;

/// <summary>What is refused in CONNECT (section 3.1).</summary>
public class ConnectStrictnessSpecs
{
    private const string V5 = "<MQTT> 05 02 0000 ";

    [Theory]
    [InlineData("01", "the reserved flag")]
    [InlineData("08", "will QoS without a will")]
    [InlineData("10", "will QoS without a will")]
    [InlineData("20", "will retain without a will")]
    [InlineData("1C", "will QoS 3")]
    [InlineData("18", "will QoS 3 without a will")]
    public void Flags_that_make_no_sense_are_malformed(string flags, string why)
    {
        Refusal($"<MQIsdp> 03 {flags} 0000 <c> <w> <m> <u> <p>").Should().Be(ReasonCode.MalformedPacket, why);
        Refusal($"<MQTT> 04 {flags} 0000 <c> <w> <m> <u> <p>").Should().Be(ReasonCode.MalformedPacket, why);
        Refusal($"<MQTT> 05 {flags} 0000 00 <c> 00 <w> <m> <u> <p>").Should().Be(ReasonCode.MalformedPacket, why);
    }

    [Theory]
    [InlineData("<MQTT> 04 40 0000 <c> <p>")]
    [InlineData("<MQIsdp> 03 40 0000 <c> <p>")]
    public void A_password_needs_a_user_name_in_MQTT_3(string body) => Refusal(body).Should().Be(ReasonCode.MalformedPacket);

    [Theory]
    [InlineData("<a/#>")]
    [InlineData("<+>")]
    [InlineData("<>")]
    public void The_will_topic_is_a_topic_name(string topic)
    {
        Refusal($"<MQTT> 04 06 0000 <c> {topic} <m>").Should().Be(ReasonCode.TopicNameInvalid);
        Refusal($"<MQTT> 05 06 0000 00 <c> 00 {topic} <m>").Should().Be(ReasonCode.TopicNameInvalid);
    }

    [Theory]
    [InlineData("03 21 0000", "Receive Maximum 0")]
    [InlineData("05 27 00000000", "Maximum Packet Size 0")]
    [InlineData("02 17 02", "Request Problem Information 2")]
    [InlineData("02 19 FF", "Request Response Information 255")]
    [InlineData("04 16 0001 00", "authentication data without a method")]
    public void Values_that_are_not_allowed_are_protocol_errors(string properties, string why) =>
        Refusal(V5 + properties + " <c>").Should().Be(ReasonCode.ProtocolError, why);

    [Theory]
    [InlineData("02 01 02", "Payload Format Indicator 2")]
    [InlineData("06 08 0003 612F23", "a response topic with a wildcard")]
    [InlineData("03 08 0000", "an empty response topic")]
    public void Values_that_are_not_allowed_in_the_will_are_protocol_errors(string properties, string why) =>
        Refusal($"<MQTT> 05 06 0000 00 <c> {properties} <w> <m>").Should().Be(ReasonCode.ProtocolError, why);

    [Fact]
    public void An_empty_client_id_with_a_kept_session_is_left_to_the_broker() =>
        CodecHarness.DecodeWhole(new PacketDecoder(PeerRole.Client), Wire.Packet("10", "<MQTT> 04 00 0000 <>"))
            .Should().BeOfType<ConnectPacket>().Which.ClientId.Should().BeEmpty();

    private static ReasonCode Refusal(string body) =>
        CodecHarness.Refusal(new PacketDecoder(PeerRole.Client), Wire.Packet("10", body));
}
