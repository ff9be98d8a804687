using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.EndToEnd.Protocol;

/// <summary>A broker with every limit low enough to be reached.</summary>
public sealed class LimitedBroker : IAsyncLifetime
{
    private BrokerProcess? _broker;

    internal BrokerEndpoint Endpoint => _broker!.Endpoint;

    public async Task InitializeAsync() => _broker = await BrokerProcess.StartAsync(
        "mqtt.limits.connect-timeout=1s",
        "mqtt.limits.connect-packet-size=512",
        "mqtt.limits.max-packet-size=4KiB",
        "mqtt.limits.max-queued-messages=3",
        "mqtt.limits.queue-full=drop-newest",
        "mqtt.limits.max-session-expiry=60s",
        "mqtt.limits.receive-maximum=5",
        "mqtt.limits.max-inflight=2",
        "mqtt.limits.topic-alias-maximum=0",
        "mqtt.limits.max-topic-levels=4",
        "mqtt.limits.max-topic-length=64",
        "mqtt.limits.max-subscriptions=3",
        "mqtt.limits.max-keep-alive=60s",
        "mqtt.limits.max-client-id-length=30");

    public async Task DisposeAsync()
    {
        if (_broker is not null)
        {
            await _broker.DisposeAsync();
        }
    }
}

/// <summary>What a client gets that goes over a limit, and that v5 clients are told the limits first.</summary>
public class LimitSpecs(LimitedBroker limited) : IClassFixture<LimitedBroker>
{
    private BrokerEndpoint Broker => limited.Endpoint;

    [Fact]
    public async Task Are_told_to_MQTT_5_clients()
    {
        await using var client = await Broker.ConnectAsync(V5, sessionExpiry: 3_600, keepAlive: 120);

        client.ConnAck.MaximumPacketSize.Should().Be(4_096);
        client.ConnAck.ReceiveMaximum.Should().Be(5);
        client.ConnAck.TopicAliasMaximum.Should().Be(0);
        client.ConnAck.ServerKeepAlive.Should().Be(60);
        client.ConnAck.SessionExpiryInterval.Should().Be(60);
    }

    [Fact]
    public async Task Leave_alone_what_a_client_asks_for_below_them()
    {
        await using var client = await Broker.ConnectAsync(V5, sessionExpiry: 30, keepAlive: 30);

        client.ConnAck.ServerKeepAlive.Should().BeNull();
        client.ConnAck.SessionExpiryInterval.Should().BeNull();
    }

    [Fact]
    public async Task Close_a_connection_that_does_not_send_CONNECT_in_time()
    {
        await using var silent = await RawClient.OpenAsync(Broker, V5);

        await silent.ExpectCloseAsync();
    }

    [Fact]
    public async Task Close_a_connection_whose_CONNECT_is_never_complete()
    {
        await using var slow = await RawClient.OpenAsync(Broker, V5);

        await slow.SendAsync(new byte[] { 0x10, 0x20, 0x00 });

        await slow.ExpectCloseAsync();
    }

    [Theory]
    [EveryVersion]
    public async Task Refuse_a_first_packet_that_is_too_large_before_memory_is_taken_for_it(ProtocolVersion version)
    {
        await using var client = await RawClient.OpenAsync(Broker, version);

        // CONNECT of 127 MiB, of which nothing more is sent.
        await client.SendAsync(new byte[] { 0x10, 0xFF, 0xFF, 0xFF, 0x3F });

        await client.ExpectCloseAsync();
    }

    [Fact]
    public async Task Disconnect_a_client_with_more_unacknowledged_messages_than_Receive_Maximum()
    {
        await using var client = await Broker.ConnectAsync(V5);

        foreach (var id in Enumerable.Range(1, 5))
        {
            await client.SendAsync(new PublishPacket { Topic = "limits/window", QoS = ExactlyOnce, PacketId = (ushort)id });
            await client.ExpectAsync<PubRecPacket>();
        }

        await client.SendAsync(new PublishPacket { Topic = "limits/window", QoS = ExactlyOnce, PacketId = 6 });

        await client.ExpectDisconnectAsync(ReasonCode.ReceiveMaximumExceeded);
    }

    [Theory]
    [EveryVersion]
    public async Task Refuse_a_packet_that_is_too_large(ProtocolVersion version)
    {
        await using var client = await Broker.ConnectAsync(version);

        await client.SendAsync(new PublishPacket { Topic = "limits/size", Payload = new byte[4_096] });

        await client.ExpectRefusalAsync(ReasonCode.PacketTooLarge);
    }

    [Theory]
    [EveryVersion]
    public async Task Refuse_a_subscription_too_many_and_let_one_be_replaced(ProtocolVersion version)
    {
        await using var client = await Broker.ConnectAsync(version);
        foreach (var number in Enumerable.Range(1, 3))
        {
            await client.SubscribeAsync($"limits/{number}");
        }

        var answer = await client.TrySubscribeAsync(null, new SubscriptionRequest("limits/4", AtLeastOnce));

        answer.ReasonCodes.Should().Equal(version == V5 ? ReasonCode.QuotaExceeded : ReasonCode.UnspecifiedError);
        await client.SubscribeAsync("limits/3", AtLeastOnce);
        await client.UnsubscribeAsync("limits/1");
        await client.SubscribeAsync("limits/4");
    }

    [Theory]
    [InlineData("1/2/3/4/5")]
    [InlineData("a-topic-filter-of-more-than-sixty-four-bytes-is-too-long-for-this-broker")]
    public async Task Refuse_a_filter_with_too_many_levels_or_bytes(string filter)
    {
        await using var client = await Broker.ConnectAsync(V5);

        var answer = await client.TrySubscribeAsync(null, new SubscriptionRequest(filter, AtLeastOnce));

        answer.ReasonCodes.Single().Should().BeOneOf(ReasonCode.TopicFilterInvalid, ReasonCode.QuotaExceeded);
    }

    [Theory]
    [InlineData("1/2/3/4/5")]
    [InlineData("a-topic-name-of-more-than-sixty-four-bytes-is-too-long-for-this-broker")]
    public async Task Refuse_a_topic_with_too_many_levels_or_bytes(string topic)
    {
        await using var client = await Broker.ConnectAsync(V5);

        (await client.PublishAsync(topic, "x", AtLeastOnce)).Should().Be(ReasonCode.TopicNameInvalid);
    }

    [Theory]
    [EveryVersion]
    public async Task Refuse_a_client_id_that_is_too_long(ProtocolVersion version)
    {
        await using var client = await RawClient.OpenAsync(Broker, version);

        await client.SendAsync(new ConnectPacket { Version = version, ClientId = new string('x', 31) });

        (await client.ExpectAsync<ConnAckPacket>()).ReasonCode.Should().Be(ReasonCode.ClientIdentifierNotValid);
        await client.ExpectCloseAsync();
    }

    [Fact]
    public async Task Refuse_the_newest_message_for_a_full_queue_and_say_so_to_the_publisher()
    {
        var clientId = Unique.Name("full");
        await using (var first = await Broker.ConnectPersistentAsync(V5, clientId))
        {
            await first.SubscribeAsync("limits/newest", AtLeastOnce);
            await first.DisconnectAsync();
        }

        await using var publisher = await Broker.ConnectAsync(V5);
        foreach (var text in (string[])["1", "2", "3"])
        {
            (await publisher.PublishAsync("limits/newest", text, AtLeastOnce)).Should().Be(ReasonCode.Success);
        }

        (await publisher.PublishAsync("limits/newest", "4", AtLeastOnce)).Should().Be(ReasonCode.QuotaExceeded);

        await using var again = await Broker.ConnectPersistentAsync(V5, clientId);
        (await again.ReceiveTextsAsync(3)).Should().Equal("1", "2", "3");
        await again.ExpectNothingAsync();
    }

    [Fact]
    public async Task Hold_back_messages_above_max_inflight_though_the_client_allows_more()
    {
        await using var client = await Broker.ConnectAsync(V5, receiveMaximum: 100);
        await client.SubscribeAsync("limits/inflight", AtLeastOnce);
        foreach (var text in (string[])["1", "2", "3"])
        {
            await client.PublishAsync("limits/inflight", text, AtLeastOnce);
        }

        var first = await client.ExpectAsync<PublishPacket>();
        await client.ExpectAsync<PublishPacket>();
        await client.ExpectNothingAsync();
        await client.AcknowledgeAsync(first);
        (await client.ExpectAsync<PublishPacket>()).Text().Should().Be("3");
    }
}
