using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.Conformance;

/// <summary>Connect flags and the payload that they announce (sections 3.1.2.3 to 3.1.2.9 and 3.1.3).</summary>
public class ConnectPayloadStatements(SharedBroker shared) : StatementSpecs(shared)
{
    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.1.2-9")]
    [Statement(V5, "MQTT-3.1.2-9")]
    public async Task The_will_flag_needs_the_will_s_fields(ProtocolVersion version) =>
        await ExpectNoServiceAsync(
            version,
            Connect(version, $"<{Unique.Name("no-will")}>", flags: "06"),
            Connect(version, $"<{Unique.Name("no-payload")}> {NoProperties(version)} <will/topic>", flags: "06"));

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.1.2-11", "MQTT-3.1.2-13")]
    [Statement(V5, "MQTT-3.1.2-11")]
    public async Task A_will_QoS_needs_the_will_flag(ProtocolVersion version) =>
        await ExpectNoServiceAsync(
            version,
            Connect(version, $"<{Unique.Name("qos1")}>", flags: "0A"),
            Connect(version, $"<{Unique.Name("qos2")}>", flags: "12"));

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.1.2-11")]
    public async Task Will_fields_need_the_will_flag(ProtocolVersion version) =>
        await ExpectNoServiceAsync(version, Connect(version, $"<{Unique.Name("fields")}> {NoProperties(version)} <will/topic> <x>"));

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.1.2-14")]
    [Statement(V5, "MQTT-3.1.2-12")]
    public async Task Will_QoS_3_does_not_exist(ProtocolVersion version) =>
        await ExpectNoServiceAsync(
            version, Connect(version, $"<{Unique.Name("qos3")}> {NoProperties(version)} <will/topic> <x>", flags: "1E"));

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.1.2-11", "MQTT-3.1.2-15")]
    [Statement(V5, "MQTT-3.1.2-13")]
    public async Task Will_retain_needs_the_will_flag(ProtocolVersion version) =>
        await ExpectNoServiceAsync(version, Connect(version, $"<{Unique.Name("retain")}>", flags: "22"));

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.1.2-18", "MQTT-3.1.2-19")]
    [Statement(V5, "MQTT-3.1.2-16", "MQTT-3.1.2-17")]
    public async Task The_user_name_is_there_exactly_where_its_flag_says_so(ProtocolVersion version) =>
        await ExpectNoServiceAsync(
            version,
            Connect(version, $"<{Unique.Name("user")}> <somebody>", flags: "02"),
            Connect(version, $"<{Unique.Name("no-user")}>", flags: "82"));

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.1.2-20", "MQTT-3.1.2-21")]
    [Statement(V5, "MQTT-3.1.2-18", "MQTT-3.1.2-19")]
    public async Task The_password_is_there_exactly_where_its_flag_says_so(ProtocolVersion version) =>
        await ExpectNoServiceAsync(
            version,
            Connect(version, $"<{Unique.Name("password")}> <somebody> <secret>", flags: "82"),
            Connect(version, $"<{Unique.Name("no-password")}> <somebody>", flags: "C2"));

    [Fact]
    [Statement(V311, "MQTT-3.1.2-22")]
    public async Task A_password_needs_a_user_name() =>
        await ExpectNoServiceAsync(V311, Connect(V311, $"<{Unique.Name("nameless")}> <secret>", flags: "42"));

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.1.3-1")]
    [Statement(V5, "MQTT-3.1.3-1")]
    public async Task The_fields_of_the_payload_are_read_in_their_order(ProtocolVersion version)
    {
        string topic = Unique.Name("connect/order"), clientId = Unique.Name("order");
        await using var witness = await Broker.ConnectAsync(version);
        await witness.SubscribeAsync(topic, ExactlyOnce);
        await using var mortal = await RawClient.OpenAsync(Broker, version);

        await mortal.SendAsync(Connect(
            version, $"<{clientId}> {NoProperties(version)} <{topic}> <the will> <somebody> <secret>", flags: "D6"));

        (await mortal.ExpectAsync<ConnAckPacket>()).ReasonCode.Should().Be(ReasonCode.Success);
        await using var taker = await Broker.ConnectAsync(version, clientId);
        await mortal.ExpectEndAsync();
        (await witness.ReceiveAsync()).Text().Should().Be("the will");
    }

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.1.3-4", "MQTT-3.1.3-10", "MQTT-3.1.3-11", "MQTT-1.5.3-1")]
    [Statement(V5, "MQTT-3.1.3-4", "MQTT-3.1.3-11", "MQTT-3.1.3-12", "MQTT-1.5.4-1")]
    public async Task Client_id_will_topic_and_user_name_are_UTF_8(ProtocolVersion version) =>
        await ExpectNoServiceAsync(
            version,
            Connect(version, "0003 'a' C328"),
            Connect(version, $"<{Unique.Name("will")}> {NoProperties(version)} 0004 'a' EDA080 <x>", flags: "06"),
            Connect(version, $"<{Unique.Name("user")}> 0002 C080", flags: "82"));

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-1.5.3-2")]
    [Statement(V5, "MQTT-1.5.4-2")]
    public async Task Client_id_will_topic_and_user_name_have_no_U_0000(ProtocolVersion version) =>
        await ExpectNoServiceAsync(
            version,
            Connect(version, "0003 'a' 00 'b'"),
            Connect(version, $"<{Unique.Name("will")}> {NoProperties(version)} 0002 'a' 00 <x>", flags: "06"),
            Connect(version, $"<{Unique.Name("user")}> 0001 00", flags: "82"));
}
