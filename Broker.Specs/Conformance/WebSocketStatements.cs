using System.Net.WebSockets;
using Broker.Protocol.Packets;
using Broker.Specs.Conformance.Run;
using Broker.Specs.EndToEnd.Harness;
using static Broker.Protocol.Packets.ProtocolVersion;

namespace Broker.Specs.Conformance;

/// <summary>MQTT over WebSocket (section 6).</summary>
public class WebSocketStatements(SharedBroker shared) : StatementSpecs(shared)
{
    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-6.0.0-1")]
    [Statement(V5, "MQTT-6.0.0-1")]
    public async Task A_frame_that_is_not_binary_ends_the_connection(ProtocolVersion version)
    {
        Require();
        await using var client = await RawWebSocket.ConnectAsync(Broker, version);

        await client.SendAsync(client.Bytes(PingReqPacket.Instance), WebSocketMessageType.Text);

        (await client.ExpectCloseAsync()).Should().NotBe(WebSocketCloseStatus.NormalClosure);
    }

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-6.0.0-2")]
    [Statement(V5, "MQTT-6.0.0-2")]
    public async Task A_frame_may_hold_a_part_of_a_packet_or_several(ProtocolVersion version)
    {
        Require();
        await using var client = await RawWebSocket.OpenAsync(Broker, version, subprotocols: "mqtt");
        var bytes = client.Bytes(new ConnectPacket { Version = version, ClientId = Unique.Name("ws") }, PingReqPacket.Instance, PingReqPacket.Instance, PingReqPacket.Instance);

        await client.SendAsync(bytes.AsMemory()[..1]);
        await client.SendAsync(bytes.AsMemory()[1..5]);
        await client.SendAsync(bytes.AsMemory()[5..^3]);
        await client.SendAsync(bytes.AsMemory()[^3..]);

        (await client.ExpectAsync<ConnAckPacket>()).ReasonCode.Should().Be(ReasonCode.Success);
        for (var answer = 0; answer < 3; answer++)
        {
            await client.ExpectAsync<PingRespPacket>();
        }
    }

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-6.0.0-4")]
    [Statement(V5, "MQTT-6.0.0-4")]
    public async Task The_subprotocol_chosen_is_mqtt(ProtocolVersion version)
    {
        Require();
        await using var client = await RawWebSocket.OpenAsync(Broker, version, subprotocols: ["other", "mqtt"]);

        client.Subprotocol.Should().Be("mqtt");
    }

    private void Require()
    {
        if (Broker.WebSocketPort == 0)
        {
            throw new NotHereException("needs a WebSocket listener");
        }
    }
}
