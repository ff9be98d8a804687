using System.Net;
using System.Net.WebSockets;
using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.EndToEnd.Protocol;

/// <summary>Where WebSocket differs from TCP; the rest of the broker does not know.</summary>
public class WebSocketSpecs(SharedBroker shared) : IClassFixture<SharedBroker>
{
    private static readonly HttpClient Http = new() { Timeout = Deadline.ForPackets };

    private BrokerEndpoint Broker => shared.Endpoint;

    [Theory]
    [InlineData("/mqtt", HttpStatusCode.UpgradeRequired)]
    [InlineData("/", HttpStatusCode.NotFound)]
    public async Task A_request_that_opens_no_WebSocket_is_told_what_is_there(string path, HttpStatusCode status)
    {
        using var answer = await Http.GetAsync(new Uri($"http://127.0.0.1:{Broker.WebSocketPort}{path}"));

        answer.StatusCode.Should().Be(status);
        (await answer.Content.ReadAsStringAsync()).Should().Contain("MQTT");
    }

    [Theory]
    [InlineData("/mqtt", "something-else")]
    [InlineData("/mqtt")]
    [InlineData("/other", "mqtt")]
    public async Task One_at_another_path_or_without_the_subprotocol_is_not_opened(string path, params string[] subprotocols) =>
        await FluentActions.Awaiting(() => RawWebSocket.OpenAsync(Broker, V5, path, subprotocols)).Should().ThrowAsync<WebSocketException>();

    [Fact]
    public async Task The_subprotocol_of_MQTT_31_is_known()
    {
        await using var client = await RawWebSocket.OpenAsync(Broker, V31, subprotocols: "mqttv3.1");

        client.Subprotocol.Should().Be("mqttv3.1");
    }

    [Fact]
    public async Task A_large_message_goes_both_ways_between_WebSocket_and_TCP()
    {
        var topic = Unique.Name("ws/large");
        var payload = new byte[700_000];
        new Random(5).NextBytes(payload);
        await using var tcp = await Broker.ConnectAsync(V5);
        await tcp.SubscribeAsync(topic + "/to-tcp", AtLeastOnce);
        await using var client = await RawWebSocket.ConnectAsync(Broker, V5);
        await client.SendAsync(client.Bytes(new SubscribePacket { PacketId = 1, Subscriptions = [new SubscriptionRequest(topic + "/to-ws", AtLeastOnce)] }));
        await client.ExpectAsync<SubAckPacket>();

        await client.SendAsync(client.Bytes(new PublishPacket { Topic = topic + "/to-tcp", QoS = AtLeastOnce, PacketId = 2, Payload = payload }));
        (await tcp.ReceiveAsync()).Payload.ToArray().Should().Equal(payload);
        await client.ExpectAsync<PubAckPacket>();
        await tcp.PublishAsync(new PublishPacket { Topic = topic + "/to-ws", QoS = AtLeastOnce, PacketId = 3, Payload = payload });

        (await client.ExpectAsync<PublishPacket>()).Payload.ToArray().Should().Equal(payload);
    }

    [Fact]
    public async Task Clients_get_what_is_theirs_and_nothing_else()
    {
        var topic = Unique.Name("ws/own");
        await using var subscriber = await RawWebSocket.ConnectAsync(Broker, V5);
        await subscriber.SendAsync(subscriber.Bytes(new SubscribePacket { PacketId = 1, Subscriptions = [new SubscriptionRequest(topic, AtLeastOnce)] }));
        await subscriber.ExpectAsync<SubAckPacket>();
        await using var publisher = await RawWebSocket.ConnectAsync(Broker, V5);

        for (ushort id = 1; id <= 100; id++)
        {
            await publisher.SendAsync(publisher.Bytes(new PublishPacket { Topic = topic, QoS = AtLeastOnce, PacketId = id, Payload = new[] { (byte)id } }));
            (await publisher.ExpectAsync<PubAckPacket>()).PacketId.Should().Be(id);
            (await subscriber.ExpectAsync<PublishPacket>()).Payload.ToArray().Should().Equal((byte)id);
        }
    }

    [Fact]
    public async Task Each_packet_of_a_burst_has_a_frame_of_its_own()
    {
        await using var client = await RawWebSocket.ConnectAsync(Broker, V311);
        var before = client.Frames;

        await client.SendAsync(client.Bytes([.. Enumerable.Repeat<Packet>(PingReqPacket.Instance, 100)]));

        for (var answer = 0; answer < 100; answer++)
        {
            await client.ExpectAsync<PingRespPacket>();
        }

        (client.Frames - before).Should().Be(100, "paho C leaves what follows the first packet of a frame unread until another frame comes");
    }

    [Fact]
    public async Task What_is_malformed_is_answered_by_DISCONNECT_and_the_close_of_the_WebSocket()
    {
        await using var client = await RawWebSocket.ConnectAsync(Broker, V5);

        await client.SendAsync(new byte[] { 0x00, 0x00 });

        (await client.ExpectAsync<DisconnectPacket>()).ReasonCode.Should().Be(ReasonCode.MalformedPacket);
        (await client.ExpectCloseAsync()).Should().Be(WebSocketCloseStatus.NormalClosure);
    }

    [Fact]
    public async Task A_client_that_closes_the_WebSocket_without_DISCONNECT_leaves_its_will()
    {
        var topic = Unique.Name("ws/will");
        await using var witness = await Broker.ConnectAsync(V5);
        await witness.SubscribeAsync(topic);
        await using (var mortal = await RawWebSocket.OpenAsync(Broker, V5, subprotocols: "mqtt"))
        {
            await mortal.SendAsync(mortal.Bytes(new ConnectPacket
            {
                Version = V5,
                ClientId = Unique.Name("ws"),
                Will = new WillMessage { Topic = topic, Payload = "gone"u8.ToArray() },
            }));
            await mortal.ExpectAsync<ConnAckPacket>();
        }

        (await witness.ReceiveAsync()).Text().Should().Be("gone");
    }

    [Fact]
    public async Task A_node_that_stops_says_so_before_it_closes_the_WebSocket()
    {
        await using var broker = await BrokerProcess.StartAsync();
        await using var client = await RawWebSocket.ConnectAsync(broker.Endpoint, V5);

        var stopped = broker.StopAsync();

        (await client.ExpectAsync<DisconnectPacket>()).ReasonCode.Should().Be(ReasonCode.ServerShuttingDown);
        await client.ExpectCloseAsync();
        (await stopped).Should().Be(0);
    }
}
