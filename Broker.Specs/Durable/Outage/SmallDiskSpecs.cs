using System.Net;
using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using Broker.Specs.EndToEnd.Management;
using Broker.Specs.Support;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.Durable.Outage;

/// <summary>SQLite's disk is not let run full.</summary>
public class SmallDiskSpecs
{
    private const int PayloadBytes = 16 * 1024;

    /// <summary>64 MiB: more than there is room for.</summary>
    private const int Messages = 4_000;

    private const long Kept = 32L * 1024 * 1024;

    [Fact]
    public async Task Holds_publishers_while_there_is_room_left_and_until_there_is_more()
    {
        await using var disk = await SmallDisk.CreateAsync(mebibytes: 80);
        await using var broker = await BrokerProcess.StartAsync(
            $"mqtt.data-directory=\"{disk.Folder}\"", "mqtt.storage.min-free-space=32MiB", "mqtt.storage.max-backlog=4MiB",
            "mqtt.limits.max-queued-messages=0", "mqtt.limits.max-queued-bytes=0", $"mqtt.limits.receive-maximum={Messages}",

            // Between two looks at the disk, a tenth of a second, a fast machine would write a good part of so small a one.
            "mqtt.limits.max-byte-rate=32MiB", "mqtt.limits.rate-burst=100ms");
        await using (var absent = await broker.Endpoint.ConnectPersistentAsync(V5, "absent"))
        {
            await absent.SubscribeAsync("durable", AtLeastOnce);
            await absent.DisconnectAsync(sessionExpiry: 300);
        }

        await using var live = await broker.Endpoint.ConnectAsync(V5);
        await live.SubscribeAsync("live", AtLeastOnce);
        await using var other = await broker.Endpoint.ConnectAsync(V311);
        await using var publisher = await broker.Endpoint.ConnectAsync(V5);
        var sending = SendAsync(publisher);
        (HttpStatusCode Status, string Line) readiness = default;
        await Eventually.HoldsAsync(async () => (readiness = await broker.ReadinessAsync()).Line.StartsWith("degraded", StringComparison.Ordinal), Deadline.ForPrograms);

        readiness.Status.Should().Be(HttpStatusCode.OK, "who fetches what is queued makes room");
        readiness.Line.Should().StartWith("degraded: ").And.Contain("MiB are free in").And.Contain("mqtt.storage.min-free-space is 32 MiB");
        await Eventually.HoldsAsync(async () => (await MetricsAsync(broker)).Value("mqtt_connections_held", "reason=disk") == 1, Deadline.ForPackets);
        var metrics = await MetricsAsync(broker);
        metrics.Value("mqtt_connections_held", "reason=disk").Should().Be(1);
        metrics.Value("mqtt_store_free_bytes").Should().BeInRange(Kept / 2, Kept, "it is held, and not merely slow");
        await other.PublishAsync("live", "goes on", AtLeastOnce);
        (await live.ReceiveAsync()).Text().Should().Be("goes on");

        await disk.GrowAsync(mebibytes: 256);

        for (var message = 1; message <= Messages; message++)
        {
            (await publisher.ExpectAsync<PubAckPacket>()).ReasonCode.Should().Be(ReasonCode.Success);
        }

        await sending;
        await broker.ExpectReadinessAsync(HttpStatusCode.OK, "ready");
        await broker.WaitForLineAsync("publishers go on");
    }

    private static async Task<Exposition> MetricsAsync(BrokerProcess broker)
    {
        using var http = new HttpClient();
        return Exposition.Parse(await http.GetStringAsync(new Uri(broker.Management, "/metrics")));
    }

    private static Task SendAsync(RawClient publisher) => Task.Run(async () =>
    {
        for (var message = 1; message <= Messages; message++)
        {
            await publisher.SendAsync(new PublishPacket { Topic = "durable", QoS = AtLeastOnce, PacketId = (ushort)message, Payload = new byte[PayloadBytes] });
        }
    });
}
