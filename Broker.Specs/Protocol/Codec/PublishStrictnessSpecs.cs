using Broker.Protocol.Packets;

namespace Broker.Specs.Protocol.Codec;

/// <summary>What is refused in PUBLISH (section 3.3).</summary>
public class PublishStrictnessSpecs
{
    [Theory]
    [InlineData("<#>")]
    [InlineData("<a/+/b>")]
    [InlineData("<a+>")]
    public void A_topic_name_has_no_wildcards(string topic)
    {
        CodecHarness.RefusalFromClient(ProtocolVersion.V31, Wire.Packet("30", topic)).Should().Be(ReasonCode.TopicNameInvalid);
        CodecHarness.RefusalFromClient(ProtocolVersion.V311, Wire.Packet("30", topic)).Should().Be(ReasonCode.TopicNameInvalid);
        CodecHarness.RefusalFromClient(ProtocolVersion.V5, Wire.Packet("30", topic + " 00")).Should().Be(ReasonCode.TopicNameInvalid);
    }

    [Fact]
    public void Without_a_topic_there_must_be_an_alias()
    {
        CodecHarness.RefusalFromClient(ProtocolVersion.V311, Wire.Packet("30", "<> 'hi'")).Should().Be(ReasonCode.MalformedPacket);
        CodecHarness.RefusalFromClient(ProtocolVersion.V5, Wire.Packet("30", "<> 00 'hi'")).Should().Be(ReasonCode.ProtocolError);
    }

    [Theory]
    [InlineData("32")]
    [InlineData("34")]
    public void A_packet_identifier_is_not_0(string first)
    {
        CodecHarness.RefusalFromClient(ProtocolVersion.V311, Wire.Packet(first, "<t> 0000")).Should().Be(ReasonCode.ProtocolError);
        CodecHarness.RefusalFromClient(ProtocolVersion.V5, Wire.Packet(first, "<t> 0000 00")).Should().Be(ReasonCode.ProtocolError);
    }

    [Theory]
    [InlineData("03 23 0000", ReasonCode.TopicAliasInvalid, "alias 0")]
    [InlineData("02 01 02", ReasonCode.ProtocolError, "Payload Format Indicator 2")]
    [InlineData("06 08 0003 612F23", ReasonCode.ProtocolError, "a response topic with a wildcard")]
    [InlineData("03 08 0000", ReasonCode.ProtocolError, "an empty response topic")]
    [InlineData("02 0B 01", ReasonCode.ProtocolError, "a subscription identifier from a client")]
    public void Properties_from_a_client_are_checked(string properties, ReasonCode expected, string why) =>
        CodecHarness.RefusalFromClient(ProtocolVersion.V5, Wire.Packet("30", "<t> " + properties)).Should().Be(expected, why);

    [Theory]
    [InlineData("02 0B 00", ReasonCode.ProtocolError, "subscription identifier 0")]
    [InlineData("03 0B 80 00", ReasonCode.MalformedPacket, "a subscription identifier in too many bytes")]
    [InlineData("06 0B FF FF FF FF 01", ReasonCode.MalformedPacket, "a subscription identifier of five bytes")]
    public void Subscription_identifiers_from_a_server_are_checked(string properties, ReasonCode expected, string why) =>
        CodecHarness.RefusalFromServer(ProtocolVersion.V5, Wire.Packet("30", "<t> " + properties)).Should().Be(expected, why);

    [Theory]
    [InlineData("30", "0003 61")]
    [InlineData("32", "<t> 00")]
    [InlineData("30", "00")]
    [InlineData("30", "")]
    public void It_must_not_end_before_the_payload(string first, string body) =>
        CodecHarness.RefusalFromClient(ProtocolVersion.V311, Wire.Packet(first, body)).Should().Be(ReasonCode.MalformedPacket);

    [Fact]
    public void Properties_are_null_where_there_is_nothing_in_them()
    {
        var bare = (PublishPacket)CodecHarness.FromClient(ProtocolVersion.V5, Wire.Packet("30", "<t> 00"));
        var aliased = (PublishPacket)CodecHarness.FromClient(ProtocolVersion.V5, Wire.Packet("30", "<t> 03 23 0001"));

        bare.Properties.Should().BeNull();
        aliased.Properties.Should().BeNull();
        aliased.SubscriptionIdentifiers.Should().BeNull();
    }
}
