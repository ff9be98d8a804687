using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using Broker.Specs.Protocol.Codec;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.Conformance;

/// <summary>DISCONNECT (section 3.14), and AUTH where no authentication was agreed on (sections 3.15 and 4.12).</summary>
public class DisconnectStatements(SharedBroker shared) : StatementSpecs(shared)
{
    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.14.1-1", "MQTT-2.2.2-2")]
    [Statement(V5, "MQTT-3.14.1-1")]
    [Statement(V5, "MQTT-2.1.3-1", IsOurAnswer = true)]
    public async Task DISCONNECT_with_other_flags_is_a_violation_and_the_will_is_published(ProtocolVersion version)
    {
        var topic = Unique.Name("disconnect/flags");
        await using var witness = await Broker.ConnectAsync(version);
        await witness.SubscribeAsync(topic);
        await using var client = await Broker.ConnectAsync(version, will: new WillMessage { Topic = topic, Payload = "gone"u8.ToArray() });

        await client.SendAsync(Wire.Bytes("E1 00"));

        await client.ExpectEndAsync();
        (await witness.ReceiveAsync()).Text().Should().Be("gone");
    }

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.14.4-1", "MQTT-3.14.4-2")]
    [Statement(V5, "MQTT-3.14.4-1", "MQTT-3.14.4-2")]
    public async Task After_the_client_s_DISCONNECT_the_connection_ends_and_nothing_more_is_sent(ProtocolVersion version)
    {
        var topic = Unique.Name("disconnect/silence");
        await using var client = await Broker.ConnectAsync(version);
        await client.SubscribeAsync(topic, AtMostOnce);

        await client.SendAsync(Wire.Bytes("E0 00"));
        await client.ExpectCloseAsync();

        await using var publisher = await Broker.ConnectAsync(version);
        await publisher.PublishAsync(topic, "too late", AtLeastOnce);
    }

    [Fact]
    [Statement(V5, "MQTT-3.14.4-1", "MQTT-3.14.4-2", "MQTT-3.14.2-1", "MQTT-3.14.2-2", "MQTT-4.13.1-1", "MQTT-4.13.2-1")]
    public async Task The_server_s_DISCONNECT_has_a_code_of_its_own_and_no_expiry_and_is_the_last_packet()
    {
        // QoS 3, and behind it what would be answered.
        var answer = await RawExchange.UntilClosedAsync(
            Broker,
            Connect(V5, $"<{Unique.Name("last")}>"),
            Wire.Packet("36", "<a/b> 0001 00 'x'"),
            Wire.Bytes("C000"));

        var rest = answer[(2 + answer[1])..];
        if (rest.Length > 0)
        {
            rest[0].Should().Be(0xE0);
            rest.Should().HaveCount(2 + rest[1], "DISCONNECT is the last packet");
            rest[2].Should().BeOneOf(0x81, 0x82, 0x80);

            // Our codec, as a client, does not take a Session Expiry Interval from a server.
            CodecHarness.FromServer(V5, rest).Should().BeOfType<DisconnectPacket>();
        }
    }

    [Fact]
    [Statement(V5, "MQTT-3.14.2-1", IsOurAnswer = true)]
    public async Task DISCONNECT_with_a_code_that_is_not_the_client_s_is_a_violation() =>
        await ExpectViolationAsync(Wire.Bytes("E0 02 8B 00"), Wire.Bytes("E0 02 10 00"), Wire.Bytes("E0 02 01 00"));

    [Fact]
    [Statement(V5, "MQTT-3.15.1-1")]
    [Statement(V5, "MQTT-2.1.3-1", IsOurAnswer = true)]
    public async Task AUTH_with_other_flags_ends_the_connection() => await ExpectEndAsync(V5, Wire.Bytes("F1 00"), Wire.Bytes("F8 00"));

    [Fact]
    [Statement(V5, "MQTT-4.12.0-7", "MQTT-4.12.1-1")]
    public async Task AUTH_that_nobody_asked_for_ends_the_connection() =>
        await ExpectEndAsync(V5, Wire.Bytes("F0 00"), Wire.Packet("F0", "19 08 15 <absnt>"), Wire.Packet("F0", "18 08 15 <absnt>"));

    [Fact]
    [Statement(V5, "MQTT-4.12.0-1", "MQTT-3.1.2-30")]
    public async Task An_authentication_method_that_the_server_does_not_know_ends_the_connection()
    {
        var connect = Wire.Packet("10", $"<MQTT> 05 02 0000 08 15 <absnt> <{Unique.Name("method")}>");
        var answer = await RawExchange.UntilClosedAsync(Broker, connect, Wire.Bytes("E000"));

        if (answer.Length > 0)
        {
            ExpectRefusal(answer);
            answer[3].Should().BeOneOf(0x8C, 0x87);
        }
    }

    [Fact]
    [Statement(V5, "MQTT-4.12.0-6")]
    public async Task Without_a_method_there_is_no_AUTH_and_no_method_in_CONNACK()
    {
        await using var client = await RawClient.OpenAsync(Broker, V5);
        await client.SendAsync(Connect(V5, $"<{Unique.Name("plain")}>"));

        (await client.ExpectAsync<ConnAckPacket>()).AuthenticationMethod.Should().BeNull();
        await client.ExpectNothingAsync();
    }

    private async Task ExpectViolationAsync(params byte[][] packets)
    {
        foreach (var packet in packets)
        {
            var topic = Unique.Name("disconnect/code");
            await using var witness = await Broker.ConnectAsync(V5);
            await witness.SubscribeAsync(topic);
            await using var client = await Broker.ConnectAsync(V5, will: new WillMessage { Topic = topic, Payload = "gone"u8.ToArray() });

            await client.SendAsync(packet);

            await client.ExpectEndAsync();
            (await witness.ReceiveAsync()).Text().Should().Be("gone");
        }
    }
}
