using Broker.Actors.Storage.Sql;
using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using Microsoft.Data.Sqlite;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.Durable.Restart;

/// <summary>What the first clients of a process find.</summary>
public class FreshNodeSpecs
{
    [Theory]
    [EveryVersion]
    public async Task The_first_subscription_of_a_durable_session_holds_although_its_client_leaves_at_once(ProtocolVersion version)
    {
        await using var broker = await BrokerProcess.StartAsync();
        await using (var subscriber = await broker.Endpoint.ConnectPersistentAsync(version, "leaves"))
        {
            await subscriber.SendAsync(
                new SubscribePacket { PacketId = 1, Subscriptions = [new SubscriptionRequest("t/+", ExactlyOnce)] }, new DisconnectPacket());
            await subscriber.ExpectEventuallyAsync<SubAckPacket>();
            await subscriber.ExpectCloseAsync();
        }

        await using (var publisher = await broker.Endpoint.ConnectAsync(version))
        {
            await publisher.PublishAsync("t/1", "one", AtLeastOnce);
            await publisher.PublishAsync("t/2", "two", ExactlyOnce);
        }

        await using var back = await broker.Endpoint.ConnectPersistentAsync(version, "leaves");
        back.ConnAck.SessionPresent.Should().BeTrue();
        (await back.ReceiveTextsAsync(2)).Should().Equal("one", "two");
    }

    [Fact]
    public async Task It_has_used_its_store_and_journal_before_it_is_ready_and_nothing_of_that_stays()
    {
        await using var broker = await BrokerProcess.StartAsync();
        await using var journal = await OpenAsync(broker, SqlPersistence.JournalFileName);
        await using var store = await OpenAsync(broker, SqlDialects.FileName);

        (await NumberAsync(journal, "SELECT seq FROM sqlite_sequence WHERE name = 'journal'")).Should().BePositive("events were written");
        string[] tables = ["session", "handshake", "route", "queue", "message", "received", "connection", "ended"];
        var rows = "SELECT " + string.Join(" + ", tables.Select(table => $"(SELECT COUNT(*) FROM mqtt_{table})"));
        var isEmpty = await Eventually.HoldsAsync(
            async () => await NumberAsync(journal, "SELECT COUNT(*) FROM journal") + await NumberAsync(store, rows) == 0, Deadline.ForPackets);
        isEmpty.Should().BeTrue();
    }

    private static async Task<SqliteConnection> OpenAsync(BrokerProcess broker, string file)
    {
        File.Exists(broker.DataFile(file)).Should().BeTrue("{0} should be there once the node has started, which printed {1}", file, broker.Endpoint.Transcript());
        var connection = new SqliteConnection($"Data Source={broker.DataFile(file)};Pooling=False;Mode=ReadOnly");
        await connection.OpenAsync();
        return connection;
    }

    private static async Task<long> NumberAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // constants of this spec
        command.CommandText = sql;
#pragma warning restore CA2100
        return (long)(await command.ExecuteScalarAsync() ?? 0L);
    }
}
