using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.Conformance;

/// <summary>A broker that refuses what brokers may refuse.</summary>
public sealed class StrictBroker : IAsyncLifetime
{
    private BrokerProcess? _broker;

    internal BrokerEndpoint Endpoint => _broker!.Endpoint;

    /// <inheritdoc/>
    public async Task InitializeAsync() => _broker = await BrokerProcess.StartAsync(
        "mqtt.limits.max-client-id-length=23",
        "mqtt.limits.max-keep-alive=1s",
        """mqtt.security.authorization.rules=["deny publish denied/#"]""");

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (_broker is not null)
        {
            await _broker.DisposeAsync();
        }
    }
}

/// <summary>Statements about what a broker refuses only where its settings say so.</summary>
public class SettingsStatements(StrictBroker strict) : IClassFixture<StrictBroker>
{
    private BrokerEndpoint Broker => strict.Endpoint;

    [Fact]
    [Statement(V311, "MQTT-3.1.3-9", "MQTT-3.2.2-4", "MQTT-3.2.2-5")]
    public async Task A_client_id_that_is_refused_gets_return_code_2()
    {
        var connect = Protocol.Codec.Wire.Packet("10", "<MQTT> 04 02 0000 <a-client-id-of-24-bytes->");

        (await RawExchange.UntilClosedAsync(Broker, connect)).Should().Equal(0x20, 0x02, 0x00, 0x02);
    }

    [Fact]
    [Statement(V5, "MQTT-3.1.3-8", "MQTT-3.2.2-6", "MQTT-3.2.2-7", "MQTT-3.1.4-2")]
    public async Task A_client_id_that_is_refused_gets_0x85_and_the_connection_ends()
    {
        var connect = Protocol.Codec.Wire.Packet("10", "<MQTT> 05 02 0000 00 <a-client-id-of-24-bytes->");

        var answer = await RawExchange.UntilClosedAsync(Broker, connect);

        answer[0].Should().Be(0x20);
        answer[2..4].Should().Equal(0x00, 0x85);
        answer.Should().HaveCount(2 + answer[1]);
    }

    [Theory]
    [InlineData(AtMostOnce)]
    [InlineData(AtLeastOnce)]
    [InlineData(ExactlyOnce)]
    [Statement(V311, "MQTT-3.3.5-2")]
    public async Task A_message_that_is_not_allowed_is_acknowledged_and_goes_to_nobody(QualityOfService qos)
    {
        await using var witness = await Broker.ConnectAsync(V311);
        await witness.SubscribeAsync($"+/{qos}", AtLeastOnce);
        await using var client = await Broker.ConnectAsync(V311);

        await client.PublishAsync($"denied/{qos}", "x", qos);
        await client.PublishAsync($"allowed/{qos}", "y", AtLeastOnce);

        (await witness.ReceiveAsync()).Text().Should().Be("y");
    }

    [Fact]
    [Statement(V5, "MQTT-4.3.3-9")]
    public async Task After_a_PUBREC_that_refuses_the_id_is_that_of_a_new_message()
    {
        var topic = Unique.Name("allowed/again");
        await using var client = await Broker.ConnectAsync(V5);
        await client.SubscribeAsync(topic, AtLeastOnce);
        await client.SendAsync(new PublishPacket { Topic = "denied/x", QoS = ExactlyOnce, PacketId = 5 });
        ((int)(await client.ExpectAsync<PubRecPacket>()).ReasonCode).Should().BeGreaterThanOrEqualTo(0x80);

        await client.PublishAsync(new PublishPacket { Topic = topic, QoS = ExactlyOnce, PacketId = 5, Payload = "new"u8.ToArray() });

        (await client.ExpectEventuallyAsync<PublishPacket>()).Text().Should().Be("new");
    }

    [Fact]
    [Statement(V5, "MQTT-3.1.2-21", "MQTT-3.2.2-21")]
    public async Task A_client_that_does_not_keep_to_Server_Keep_Alive_is_disconnected()
    {
        await using var client = await Broker.ConnectAsync(V5, keepAlive: 600);

        client.ConnAck.ServerKeepAlive.Should().Be(1);
        await client.ExpectEndAsync();
    }
}
