using System.Net;
using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.Durable.Outage;

/// <summary>The database goes away for a while and comes back; one class below for each way.</summary>
public abstract partial class OutageSpecs
{
    private protected const string Patience = "mqtt.storage.patience=2s";

    /// <summary>Of a broker on a database of this spec's own.</summary>
    protected abstract Task<string[]> SettingsAsync();

    /// <summary>From now on the database does not answer.</summary>
    private protected abstract Task BreakAsync(BrokerProcess broker);

    /// <summary>From now on it does.</summary>
    protected abstract Task RestoreAsync();

    [Theory]
    [EveryVersion]
    public async Task Holds_what_needs_the_database_and_nothing_else(ProtocolVersion version)
    {
        await using var broker = await BrokerProcess.StartAsync([.. await SettingsAsync(), Patience]);
        await using var durable = await broker.Endpoint.ConnectPersistentAsync(version, "durable");
        await durable.SubscribeAsync("durable/#");
        await using var publisher = await broker.Endpoint.ConnectPersistentAsync(version, "publisher");
        await publisher.PublishAsync("durable/0", "before", ExactlyOnce);
        (await durable.ReceiveAsync()).Text().Should().Be("before");
        await using var brief = await broker.Endpoint.ConnectAsync(version);
        await using var other = await broker.Endpoint.ConnectAsync(version);
        await using var live = await broker.Endpoint.ConnectAsync(version);
        await live.SubscribeAsync("live/#", AtLeastOnce);
        await using var mortal = await broker.Endpoint.ConnectAsync(version, will: Will("durable/will"));

        await BreakAsync(broker);
        try
        {
            await publisher.SendAsync(Publish("durable/1", AtLeastOnce, 101), Publish("durable/2", ExactlyOnce, 102));
            await brief.SendAsync(Publish("durable/3", ExactlyOnce, 103), Publish("retained", AtLeastOnce, 104, retain: true));
            await mortal.CloseAsync();

            await ExpectLiveTrafficAsync(broker, other, live, durable, version);
            await broker.ExpectReadinessAsync(HttpStatusCode.ServiceUnavailable, "database");
            await ExpectRefusalsAsync(broker, durable, version);
            await ExpectLiveTrafficAsync(broker, other, live, durable, version);
            await publisher.ExpectNothingAsync();
            await brief.ExpectNothingAsync();
        }
        finally
        {
            await RestoreAsync();
        }

        (await publisher.ExpectEventuallyAsync<PubAckPacket>()).PacketId.Should().Be(101);
        (await publisher.ExpectEventuallyAsync<PubRecPacket>()).PacketId.Should().Be(102);
        (await brief.ExpectEventuallyAsync<PubRecPacket>()).PacketId.Should().Be(103);
        (await brief.ExpectEventuallyAsync<PubAckPacket>()).PacketId.Should().Be(104);
        (await durable.ReceiveTextsAsync(4)).Should().BeEquivalentTo("durable/1", "durable/2", "durable/3", "durable/will");
        await durable.ExpectNothingAsync();
        await broker.ExpectReadinessAsync(HttpStatusCode.OK, "ready");
        await using var newcomer = await broker.Endpoint.ConnectPersistentAsync(version, "newcomer");
        await newcomer.SubscribeAsync("retained");
        (await newcomer.ReceiveAsync()).Text().Should().Be("retained");
    }

    [Fact]
    public async Task Refuses_a_client_whose_session_cannot_be_loaded_and_takes_it_afterwards()
    {
        await using var first = await BrokerProcess.StartAsync([.. await SettingsAsync(), Patience]);
        await using (var absent = await first.Endpoint.ConnectPersistentAsync(V5, "absent"))
        {
            await absent.SubscribeAsync("durable/#");
            await absent.PublishAsync("durable/1", "kept", AtLeastOnce);
        }

        (await first.StopAsync()).Should().Be(0);
        await using var broker = await first.StartAgainAsync();
        await BreakAsync(broker);
        try
        {
            await using var refused = await RawClient.OpenAsync(broker.Endpoint, V5);
            await refused.SendAsync(new ConnectPacket { Version = V5, ClientId = "absent", CleanStart = false, SessionExpiryInterval = 300 });
            (await refused.ExpectAsync<ConnAckPacket>()).ReasonCode.Should().Be(ReasonCode.ServerUnavailable);
        }
        finally
        {
            await RestoreAsync();
        }

        await using var client = await ConnectEventuallyAsync(broker, "absent");
        client.ConnAck.SessionPresent.Should().BeTrue();
        (await client.ReceiveAsync()).Text().Should().Be("kept");
    }

    private static async Task ExpectLiveTrafficAsync(BrokerProcess broker, RawClient publisher, RawClient live, RawClient durable, ProtocolVersion version)
    {
        await publisher.PublishAsync("live/1", "zero");
        (await live.ExpectEventuallyAsync<PublishPacket>()).Text().Should().Be("zero");
        (await publisher.PublishAsync("live/2", "one", AtLeastOnce)).Should().Be(ReasonCode.Success);
        (await live.ReceiveAsync()).Text().Should().Be("one");
        await publisher.PublishAsync("durable/live", "now");
        (await durable.ExpectEventuallyAsync<PublishPacket>()).Text().Should().Be("now", "QoS 0 needs no database");
        await using var visitor = await broker.Endpoint.ConnectAsync(version);
        await visitor.SubscribeAsync("live/#");
    }

    private static async Task ExpectRefusalsAsync(BrokerProcess broker, RawClient durable, ProtocolVersion version)
    {
        await using var refused = await RawClient.OpenAsync(broker.Endpoint, version);
        await refused.SendAsync(new ConnectPacket
        {
            Version = version,
            ClientId = "refused",
            CleanStart = false,
            SessionExpiryInterval = version == V5 ? 300 : null,
        });
        (await refused.ExpectAsync<ConnAckPacket>()).ReasonCode.Should().Be(ReasonCode.ServerUnavailable);
        await refused.ExpectCloseAsync();
        var subscribed = await durable.TrySubscribeAsync(null, new SubscriptionRequest("more", AtLeastOnce));
        subscribed.ReasonCodes.Should().Equal(version == V5 ? ReasonCode.ImplementationSpecificError : ReasonCode.UnspecifiedError);
    }

    private static async Task<RawClient> ConnectEventuallyAsync(BrokerProcess broker, string clientId)
    {
        RawClient? connected = null;
        await Eventually.HoldsAsync(
            async () =>
            {
                var client = await RawClient.OpenAsync(broker.Endpoint, V5);
                await client.SendAsync(new ConnectPacket { Version = V5, ClientId = clientId, CleanStart = false, SessionExpiryInterval = 300 });
                if (await client.IsAcceptedAsync())
                {
                    connected = client;
                    return true;
                }

                await client.DisposeAsync();
                return false;
            },
            Deadline.ForPackets);
        return connected ?? throw new TimeoutException($"The broker does not accept {clientId}. It printed:\n{broker.Endpoint.Transcript()}");
    }

    private static WillMessage Will(string topic) => new() { Topic = topic, Payload = System.Text.Encoding.UTF8.GetBytes(topic), QoS = AtLeastOnce };

    private static PublishPacket Publish(string topic, QualityOfService qos, ushort packetId, bool retain = false) => new()
    {
        Topic = topic,
        QoS = qos,
        Retain = retain,
        PacketId = packetId,
        Payload = System.Text.Encoding.UTF8.GetBytes(topic),
    };
}
