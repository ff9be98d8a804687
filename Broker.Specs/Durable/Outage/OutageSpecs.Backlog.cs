using System.Net;
using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.Durable.Outage;

/// <content>More than the node may keep in memory waits for the database.</content>
public abstract partial class OutageSpecs
{
    private const int Publishers = 40;
    private const int MessagesEach = 200;
    private const int PayloadBytes = 16 * 1024;
    private const long MostGrowth = 64L * 1024 * 1024;

    [Fact]
    public async Task Holds_publishers_before_what_waits_fills_the_memory()
    {
        await using var first = await BrokerProcess.StartAsync(
            [.. await SettingsAsync(), Patience, "mqtt.storage.max-backlog=4MiB", "mqtt.limits.max-queued-messages=0", "mqtt.limits.max-queued-bytes=0"]);
        await using (var absent = await first.Endpoint.ConnectPersistentAsync(V5, "absent"))
        {
            await absent.SubscribeAsync("durable/#", AtLeastOnce);
            await absent.DisconnectAsync(sessionExpiry: 300);
        }

        // Started again, it has not loaded the absent session: that one's messages cannot even become writes.
        (await first.StopAsync()).Should().Be(0);
        await using var broker = await first.StartAgainAsync();
        await using var present = await broker.Endpoint.ConnectPersistentAsync(V5, "present");
        await present.SubscribeAsync("durable/#", AtLeastOnce);
        await using var other = await broker.Endpoint.ConnectAsync(V5);
        await using var live = await broker.Endpoint.ConnectAsync(V311);
        await live.SubscribeAsync("live/#", AtLeastOnce);
        var publishers = new List<Publisher>();
        for (var number = 0; number < Publishers; number++)
        {
            publishers.Add(new Publisher(number, await broker.Endpoint.ConnectAsync(number % 2 == 0 ? V5 : V311)));
        }

        await ExpectLiveTrafficAsync(broker, other, live, present, V5);
        await BreakAsync(broker);
        var before = broker.ResidentBytes;
        long atMost = 0;
        try
        {
            publishers.ForEach(publisher => publisher.Start());
            await broker.ExpectReadinessAsync(HttpStatusCode.ServiceUnavailable, "database");
            for (var (sent, quiet) = (0, 0); quiet < 50; quiet++)
            {
                await ExpectLiveTrafficAsync(broker, other, live, present, V5);
                atMost = Math.Max(atMost, broker.ResidentBytes);
                var now = publishers.Sum(publisher => publisher.Sent);
                (sent, quiet) = (now, now > sent ? 0 : quiet);
            }
        }
        finally
        {
            await RestoreAsync();
        }

        (atMost - before).Should().BeLessThan(MostGrowth, "the bound is 4 MiB, and {0} bytes were brought", Publishers * MessagesEach * PayloadBytes);
        foreach (var publisher in publishers)
        {
            await publisher.ExpectAcknowledgementsAsync();
            await publisher.DisposeAsync();
        }

        await using var returned = await broker.Endpoint.ConnectPersistentAsync(V5, "absent");
        foreach (var receiver in (RawClient[])[present, returned])
        {
            await ExpectAllInOrderAsync(receiver);
        }
    }

    private static async Task ExpectAllInOrderAsync(RawClient receiver)
    {
        var next = new int[Publishers];
        for (var received = 0; received < Publishers * MessagesEach; received++)
        {
            var publish = await receiver.ReceiveAsync();
            var publisher = int.Parse(publish.Topic.AsSpan("durable/".Length), System.Globalization.CultureInfo.InvariantCulture);
            BitConverter.ToInt32(publish.Payload.Span).Should().Be(next[publisher]++, "messages of one publisher keep their order");
        }

        await receiver.ExpectNothingAsync();
    }

    /// <summary>Sends all it has as fast as it is read, whatever is acknowledged.</summary>
    private sealed class Publisher(int number, RawClient client) : IAsyncDisposable
    {
        private Task _sending = Task.CompletedTask;
        private int _sent;

        public int Sent => Volatile.Read(ref _sent);

        public void Start() => _sending = Task.Run(async () =>
        {
            for (var message = 0; message < MessagesEach; message++)
            {
                var payload = new byte[PayloadBytes];
                BitConverter.TryWriteBytes(payload, message);
                await client.SendAsync(new PublishPacket { Topic = $"durable/{number}", QoS = AtLeastOnce, PacketId = (ushort)(message + 1), Payload = payload });
                Interlocked.Increment(ref _sent);
            }
        });

        public async Task ExpectAcknowledgementsAsync()
        {
            await _sending;
            for (var message = 0; message < MessagesEach; message++)
            {
                var acknowledgement = await client.ExpectAsync<PubAckPacket>();
                (acknowledgement.PacketId, acknowledgement.ReasonCode).Should().Be(((ushort)(message + 1), ReasonCode.Success));
            }
        }

        public ValueTask DisposeAsync() => client.DisposeAsync();
    }
}
