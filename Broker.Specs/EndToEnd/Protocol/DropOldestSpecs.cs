using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.EndToEnd.Protocol;

/// <summary>Limits that need a broker for themselves.</summary>
public class DropOldestSpecs
{
    [Fact]
    public async Task Makes_room_for_the_newest_message_where_the_operator_chose_so()
    {
        await using var broker = await BrokerProcess.StartAsync(
            "mqtt.limits.max-queued-messages=3", "mqtt.limits.queue-full=drop-oldest", "mqtt.limits.max-connections=2");
        var clientId = Unique.Name("full");
        await using (var first = await broker.Endpoint.ConnectPersistentAsync(V5, clientId))
        {
            await first.SubscribeAsync("limits/oldest", AtLeastOnce);
            await first.DisconnectAsync();
        }

        await using var publisher = await broker.Endpoint.ConnectAsync(V5);
        foreach (var number in Enumerable.Range(1, 5))
        {
            (await publisher.PublishAsync("limits/oldest", $"{number}", AtLeastOnce)).Should().Be(ReasonCode.Success);
        }

        await using var again = await broker.Endpoint.ConnectPersistentAsync(V5, clientId);
        (await again.ReceiveTextsAsync(3)).Should().Equal("3", "4", "5");

        // The same broker takes two connections, and those are both in use.
        await using var third = await RawClient.OpenAsync(broker.Endpoint, V5);
        await third.SendAsync(new ConnectPacket { Version = V5, ClientId = Unique.Name("third") });
        await third.ExpectNoServiceAsync();
        await publisher.ExpectNothingAsync();
        await again.DisconnectAsync();
        await (await ConnectAgainAsync(broker.Endpoint)).DisposeAsync();
    }

    /// <summary>A connection that has just ended may still be counted for a moment.</summary>
    private static async Task<RawClient> ConnectAgainAsync(BrokerEndpoint broker)
    {
        RawClient? connected = null;
        await Eventually.HoldsAsync(
            async () =>
            {
                var client = await RawClient.OpenAsync(broker, V5);
                connected = await client.IsAcceptedAsync(Unique.Name("again")) ? client : null;
                if (connected is null)
                {
                    await client.DisposeAsync();
                }

                return connected is not null;
            },
            Deadline.ForPackets);
        return connected ?? throw new TimeoutException("There was no room for another connection after one had ended.");
    }
}
