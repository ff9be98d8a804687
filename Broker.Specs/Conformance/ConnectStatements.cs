using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using Broker.Specs.Protocol.Codec;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.Conformance;

/// <summary>CONNECT: fixed header, variable header and what follows from it (sections 3.1.0 to 3.1.2, 3.1.4).</summary>
public class ConnectStatements(SharedBroker shared) : StatementSpecs(shared)
{
    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.1.0-1")]
    [Statement(V5, "MQTT-3.1.0-1")]
    public async Task A_connection_that_does_not_begin_with_CONNECT_ends(ProtocolVersion version)
    {
        var publish = Wire.Packet("30", $"<a/b> {NoProperties(version)} 'x'");

        (await RawExchange.UntilClosedAsync(Broker, publish)).Should().BeEmpty();
        (await RawExchange.UntilClosedAsync(Broker, Wire.Bytes("C000"))).Should().BeEmpty();
    }

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.1.0-2", "MQTT-4.8.0-1")]
    [Statement(V5, "MQTT-3.1.0-2", "MQTT-3.2.0-2")]
    public async Task A_second_CONNECT_is_a_violation(ProtocolVersion version)
    {
        var clientId = Unique.Name("second");
        await using var client = await Broker.ConnectAsync(version, clientId);

        await client.SendAsync(Connect(version, $"<{clientId}>"));

        await client.ExpectEndAsync();
    }

    [Theory]
    [InlineData(V311, "<MQTX>")]
    [InlineData(V311, "<mqtt>")]
    [InlineData(V5, "<MQTX>")]
    [InlineData(V5, "<MQTTS>")]
    [Statement(V311, "MQTT-3.1.2-1")]
    [Statement(V5, "MQTT-3.1.2-1")]
    public async Task Another_protocol_name_is_not_served(ProtocolVersion version, string name)
    {
        var answer = await RawExchange.UntilClosedAsync(Broker, Connect(version, $"<{Unique.Name("name")}>", name: name));

        if (answer.Length > 0)
        {
            answer[0].Should().Be(0x20);
            answer[3].Should().NotBe(0, "the connection must not be accepted");
        }
    }

    [Fact]
    [Statement(V311, "MQTT-3.1.2-2")]
    public async Task A_protocol_level_that_nobody_knows_is_answered_with_return_code_1()
    {
        var answer = await RawExchange.UntilClosedAsync(Broker, Connect(V311, $"<{Unique.Name("level")}>", level: 2));

        answer.Should().Equal(0x20, 0x02, 0x00, 0x01);
    }

    [Fact]
    [Statement(V5, "MQTT-3.1.2-2")]
    public async Task A_protocol_version_that_is_not_taken_ends_the_connection()
    {
        var answer = await RawExchange.UntilClosedAsync(Broker, Connect(V5, $"<{Unique.Name("version")}>", level: 6));

        if (answer.Length > 0)
        {
            answer[0].Should().Be(0x20);
            answer[2].Should().Be(0);
            answer[3].Should().BeOneOf([0x84, 0x01], "that is what the version asked for, or MQTT 3, calls it");
        }
    }

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.1.2-3", "MQTT-3.1.4-1", "MQTT-3.2.2-6")]
    [Statement(V5, "MQTT-3.1.2-3", "MQTT-3.1.4-1")]
    public async Task The_reserved_connect_flag_is_not_taken(ProtocolVersion version) =>
        await ExpectNoServiceAsync(version, Connect(version, $"<{Unique.Name("flag")}>", flags: "03"));

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.1.4-1")]
    [Statement(V5, "MQTT-3.1.4-1")]
    public async Task A_CONNECT_of_the_wrong_form_ends_the_connection(ProtocolVersion version) =>
        await ExpectNoServiceAsync(
            version,
            Connect(version, $"<{Unique.Name("behind")}> 00"),
            Connect(version, "0009 'short'"),
            Wire.Packet("10", "<MQTT> 04"),
            Wire.Packet("11", $"<MQTT> {(int)version:X2} 02 0000 {NoProperties(version)} <{Unique.Name("first-byte")}>"));

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.1.4-4", "MQTT-3.2.0-1", "MQTT-7.0.0-2", "MQTT-7.1.1-1")]
    [Statement(V5, "MQTT-3.1.4-5", "MQTT-3.2.0-1", "MQTT-3.2.2-1", "MQTT-4.2-1")]
    public async Task A_CONNECT_in_order_gets_CONNACK_0_first(ProtocolVersion version)
    {
        var answer = await RawExchange.FirstAsync(Broker, 4, Connect(version, $"<{Unique.Name("first")}>"), Wire.Bytes("C000"));

        answer[0].Should().Be(0x20);
        answer[2..4].Should().Equal(0, 0);
    }

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.1.4-2")]
    [Statement(V5, "MQTT-3.1.4-3", "MQTT-4.13.2-1")]
    public async Task The_client_that_is_connected_under_the_id_is_disconnected(ProtocolVersion version)
    {
        var clientId = Unique.Name("taken");
        await using var old = await Broker.ConnectAsync(version, clientId);

        await using var taker = await Broker.ConnectAsync(version, clientId);

        if (version == V5 && await old.NextAsync() is { } last)
        {
            last.Should().BeOfType<DisconnectPacket>().Which.ReasonCode.Should().Be(ReasonCode.SessionTakenOver);
        }

        await old.ExpectCloseAsync();
        await taker.ExpectNothingAsync();
    }

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.1.4-5", "MQTT-3.2.2-4", "MQTT-3.2.2-5")]
    [Statement(V5, "MQTT-3.1.4-6", "MQTT-3.2.2-6", "MQTT-3.2.2-7", "MQTT-3.14.0-1")]
    public async Task Nothing_that_follows_a_refused_CONNECT_has_an_effect(ProtocolVersion version)
    {
        var topic = Unique.Name("connect/behind");
        await using var witness = await Broker.ConnectAsync(version);
        await witness.SubscribeAsync(topic, AtLeastOnce);

        // MQTT 3.1.1: no client id, and a session that is to be kept. MQTT 5: an authentication method that nobody has.
        var refused = version == V5
            ? Wire.Packet("10", $"<MQTT> 05 02 0000 08 15 <absnt> <{Unique.Name("refused")}>")
            : Connect(version, "0000", flags: "00");
        var publish = Wire.Packet("31", $"<{topic}> {NoProperties(version)} 'x'");
        var answer = await RawExchange.UntilClosedAsync(Broker, refused, publish, Wire.Bytes("E000"));

        if (answer.Length > 0)
        {
            Require(answer[3] != 0, "a broker that refuses that CONNECT");
            answer[..3].Should().Equal(0x20, (byte)(answer.Length - 2), 0);
        }

        await using var publisher = await Broker.ConnectAsync(version);
        await ExpectOnlyAsync(witness, publisher, topic);
        await using var late = await Broker.ConnectAsync(version);
        await late.SubscribeAsync(topic);
        await late.ExpectNothingAsync();
    }
}
