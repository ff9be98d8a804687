using System.Net;
using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using Broker.Specs.Support;
using Broker.Specs.Support.Databases;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.Durable.Outage;

/// <summary>
/// PostgreSQL has no room left for its tables; its log has, or it would end by itself, which <see cref="PostgreSqlStoppedSpecs"/> is about.
/// </summary>
[Collection(PostgreSqlCollection.Name)]
public class PostgreSqlFullSpecs(PostgreSqlFixture fixture)
{
    private const int PayloadBytes = 16 * 1024;

    /// <summary>32 MiB: twice what there is room for.</summary>
    private const int Messages = 2_000;

    [Fact]
    public async Task Holds_what_has_no_room_and_loses_nothing()
    {
        await using var disk = await SmallDisk.CreateAsync(mebibytes: 24);
        var settings = PostgreSqlSettings.On(await fixture.Server.CreateDatabaseInAsync(disk.Folder));
        try
        {
            await FillAsync(disk, settings);
        }
        finally
        {
            await fixture.Server.DropDatabaseInAsync(disk.Folder);
        }
    }

    private static async Task FillAsync(SmallDisk disk, string[] settings)
    {
        await using var broker = await BrokerProcess.StartAsync(
            [.. settings, "mqtt.storage.patience=2s", "mqtt.limits.max-queued-messages=0", "mqtt.limits.max-queued-bytes=0", $"mqtt.limits.receive-maximum={Messages}"]);
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
        await broker.ExpectReadinessAsync(HttpStatusCode.ServiceUnavailable, "No space left");
        await other.PublishAsync("live", "goes on", AtLeastOnce);
        (await live.ReceiveAsync()).Text().Should().Be("goes on");

        await disk.GrowAsync(mebibytes: 256);

        for (var message = 1; message <= Messages; message++)
        {
            var acknowledgement = await publisher.ExpectAsync<PubAckPacket>();
            (acknowledgement.PacketId, acknowledgement.ReasonCode).Should().Be(((ushort)message, ReasonCode.Success));
        }

        await sending;
        await broker.ExpectReadinessAsync(HttpStatusCode.OK, "ready");
        await using var returned = await broker.Endpoint.ConnectPersistentAsync(V5, "absent");
        for (var message = 1; message <= Messages; message++)
        {
            BitConverter.ToInt32((await returned.ReceiveAsync()).Payload.Span).Should().Be(message);
        }

        await returned.ExpectNothingAsync();
    }

    private static Task SendAsync(RawClient publisher) => Task.Run(async () =>
    {
        // A server that compresses would find room for anything else.
        var random = new Random(7);
        for (var message = 1; message <= Messages; message++)
        {
            var payload = new byte[PayloadBytes];
            random.NextBytes(payload);
            BitConverter.TryWriteBytes(payload, message);
            await publisher.SendAsync(new PublishPacket { Topic = "durable", QoS = AtLeastOnce, PacketId = (ushort)message, Payload = payload });
        }
    });
}
