using System.Diagnostics;
using System.Globalization;
using Broker.Actors.Storage.Sql;
using Broker.Protocol.Packets;
using Broker.Specs.Durable.Crash;
using Broker.Specs.EndToEnd.Harness;
using Microsoft.Data.Sqlite;
using Xunit.Abstractions;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.Durable.Churn;

/// <summary>
/// Sessions come, their queues fill, and they end in every way there is; the database is then back near its size at rest.
/// <c>MQTT_LONG=1</c> makes it 10,000 sessions and 1,000,000 messages.
/// </summary>
public sealed class ChurnSpecs(ITestOutputHelper output)
{
    private const int Publishers = 8;
    private const long MostLeft = 2L * 1024 * 1024;
    private static readonly int Sessions = Campaign.IsLong ? 10_000 : 300;
    private static readonly int MessagesEach = Campaign.IsLong ? 100 : 30;
    private static readonly ParallelOptions Workers = new() { MaxDegreeOfParallelism = 16 };
    private static readonly byte[] Payload = new byte[200];

    [Fact]
    public async Task The_database_is_back_near_its_size_at_rest()
    {
        await using var fresh = await BrokerProcess.StartAsync();

        // What the warm-up wrote is removed within a second or so.
        await ExpectNoRowsAsync(fresh, SqlPersistence.JournalFileName, "journal");
        (await fresh.StopAsync()).Should().Be(0);
        var atRest = Sizes(fresh);
        await using var broker = await fresh.StartAgainAsync();

        var watch = Stopwatch.StartNew();
        await Parallel.ForAsync(0, Sessions, Workers, async (session, _) =>
        {
            await using var client = await broker.Endpoint.ConnectPersistentAsync(V5, Name(session));
            await client.SubscribeAsync(Topic(session), AtLeastOnce);
            await client.DisconnectAsync();
        });
        await Parallel.ForAsync(0, Publishers, (publisher, _) => PublishAsync(broker, publisher));
        var full = Sizes(broker);
        full.Queue.Should().BeGreaterThan(atRest.Queue + (Sessions * MessagesEach * Payload.Length), "all of it is in the database");

        await Parallel.ForAsync(0, Sessions, Workers, (session, _) => (session % 3) switch
        {
            0 => DrainAsync(broker, session),
            1 => BeginAnewAsync(broker, session),
            _ => LetExpireAsync(broker, session),
        });
        await ExpectNoRowsAsync(broker, SqlDialects.FileName, "mqtt_queue", "mqtt_message", "mqtt_received", "mqtt_session", "mqtt_handshake", "mqtt_route",
            "mqtt_ended", "mqtt_connection", "pragma_freelist_count WHERE freelist_count > 256");
        await ExpectNoRowsAsync(broker, SqlPersistence.JournalFileName, "snapshot", "journal", "pragma_freelist_count WHERE freelist_count > 256");
        (await broker.StopAsync()).Should().Be(0);
        var left = Sizes(broker);

        output.WriteLine(
            "{0} sessions, {1} messages in {2:0} s; bytes of {3} / {4}: at rest {5}, full {6}, after the churn {7}",
            Sessions, Sessions * MessagesEach, watch.Elapsed.TotalSeconds, SqlDialects.FileName, SqlPersistence.JournalFileName, atRest, full, left);
        (left.Queue - atRest.Queue).Should().BeLessThan(MostLeft);
        (left.Journal - atRest.Journal).Should().BeLessThan(MostLeft);
    }

    private static async ValueTask PublishAsync(BrokerProcess broker, int publisher)
    {
        await using var client = await broker.Endpoint.ConnectAsync(V311);
        for (var session = publisher; session < Sessions; session += Publishers)
        {
            await client.SendAsync([.. Enumerable.Range(1, MessagesEach).Select(Packet (number) =>
                new PublishPacket { Topic = Topic(session), QoS = AtLeastOnce, PacketId = (ushort)number, Payload = Payload })]);
            for (var number = 0; number < MessagesEach; number++)
            {
                (await client.ExpectAsync<PubAckPacket>()).ReasonCode.Should().Be(ReasonCode.Success);
            }
        }
    }

    /// <summary>It comes back, takes all it has, and ends its session.</summary>
    private static async ValueTask DrainAsync(BrokerProcess broker, int session)
    {
        await using var client = await broker.Endpoint.ConnectPersistentAsync(V5, Name(session));
        for (var number = 0; number < MessagesEach; number++)
        {
            await client.ReceiveAsync();
        }

        await client.DisconnectAsync(sessionExpiry: 0);
    }

    /// <summary>Another session takes the place of the one with the full queue.</summary>
    private static async ValueTask BeginAnewAsync(BrokerProcess broker, int session)
    {
        await using var client = await broker.Endpoint.ConnectAsync(V5, Name(session), cleanStart: true);
        client.ConnAck.SessionPresent.Should().BeFalse();
    }

    /// <summary>It comes back, and its session expires with what it has not taken.</summary>
    private static async ValueTask LetExpireAsync(BrokerProcess broker, int session)
    {
        await using var client = await broker.Endpoint.ConnectPersistentAsync(V5, Name(session), receiveMaximum: 5);
        await client.SendAsync(new DisconnectPacket { SessionExpiryInterval = 1 });
    }

    private static async Task ExpectNoRowsAsync(BrokerProcess broker, string file, params string[] tables)
    {
        await using var connection = new SqliteConnection($"Data Source={broker.DataFile(file)};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync();
        foreach (var table in tables)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = $"SELECT COUNT(*) FROM {table}";
            long rows = 0;
            var isEmpty = await Eventually.HoldsAsync(
                async () => (rows = Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture)) == 0,
                Campaign.IsLong ? TimeSpan.FromMinutes(5) : Deadline.ForBrokers);
            isEmpty.Should().BeTrue("{0} rows are left of {1}", rows, table);
        }
    }

    private static (long Queue, long Journal) Sizes(BrokerProcess broker) => (Size(broker, SqlDialects.FileName), Size(broker, SqlPersistence.JournalFileName));

    /// <summary>With the log, which is part of the database until a checkpoint.</summary>
    private static long Size(BrokerProcess broker, string file) =>
        ((string[])[file, file + "-wal"]).Sum(name => new FileInfo(broker.DataFile(name)) is { Exists: true } there ? there.Length : 0);

    private static string Name(int session) => $"churn-{session}";

    private static string Topic(int session) => $"churn/{session}";
}
