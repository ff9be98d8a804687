using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using Broker.Specs.Protocol.Codec;
using static Broker.Protocol.Packets.ProtocolVersion;

namespace Broker.Specs.Conformance;

/// <summary>What our codec does on a client's side, where a statement binds clients.</summary>
public class ClientCodecStatements
{
    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.1.2-9", "MQTT-3.1.2-19", "MQTT-3.1.2-21", "MQTT-3.1.3-1", "MQTT-3.1.3-3")]
    [Statement(V5, "MQTT-3.1.2-9", "MQTT-3.1.2-17", "MQTT-3.1.2-19", "MQTT-3.1.3-1", "MQTT-3.1.3-3")]
    public void CONNECT_is_written_with_the_fields_that_its_flags_announce_in_order(ProtocolVersion version)
    {
        var properties = version == V5 ? "00" : "";
        CodecHarness.Encode(
            new ConnectPacket
            {
                Version = version,
                ClientId = "id",
                UserName = "user",
                Password = "secret"u8.ToArray(),
                Will = new WillMessage { Topic = "a/b", Payload = "x"u8.ToArray(), QoS = QualityOfService.ExactlyOnce, Retain = true },
            },
            version).Should().Equal(Wire.Packet(
                "10", $"<MQTT> {(int)version:X2} F6 0000 {properties} <id> {properties} <a/b> <x> <user> <secret>"));
    }

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.1.2-11", "MQTT-3.1.2-13", "MQTT-3.1.2-15", "MQTT-3.1.2-18", "MQTT-3.1.2-20", "MQTT-3.1.2-22")]
    [Statement(V5, "MQTT-3.1.2-11", "MQTT-3.1.2-13", "MQTT-3.1.2-16", "MQTT-3.1.2-18")]
    public void CONNECT_without_will_and_user_has_neither_their_flags_nor_their_fields(ProtocolVersion version) =>
        CodecHarness.Encode(new ConnectPacket { Version = version, ClientId = "id" }, version)
            .Should().Equal(Wire.Packet("10", $"<MQTT> {(int)version:X2} 02 0000 {(version == V5 ? "00" : "")} <id>"));

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.1.2-14")]
    [Statement(V5, "MQTT-3.1.2-12")]
    public void Every_will_QoS_that_exists_can_be_written(ProtocolVersion version)
    {
        foreach (var qos in Enum.GetValues<QualityOfService>())
        {
            var will = new WillMessage { Topic = "a", Payload = "x"u8.ToArray(), QoS = qos };
            var bytes = CodecHarness.Encode(new ConnectPacket { Version = version, ClientId = "id", Will = will }, version);
            ((bytes[9] >> 3) & 0x03).Should().Be((int)qos);
        }
    }

    [Fact]
    [Statement(V5, "MQTT-3.3.2-10")]
    public void Every_topic_alias_above_0_can_be_read()
    {
        foreach (var alias in (ushort[])[1, 256, 65_535])
        {
            var publish = (PublishPacket)CodecHarness.FromServer(V5, Wire.Packet("30", $"<a> 03 23 {alias:X4} 'x'"));
            publish.TopicAlias.Should().Be(alias);
        }
    }

    [Fact]
    [Statement(V5, "MQTT-4.12.0-3")]
    public void AUTH_of_a_client_can_say_0x18() =>
        CodecHarness.Encode(
            new AuthPacket { ReasonCode = ReasonCode.ContinueAuthentication, AuthenticationMethod = "m" }, V5)
            .Should().Equal(Wire.Packet("F0", "18 04 15 <m>"));
}
