using Broker.Actors.Hosting;
using Broker.Actors.Storage.Sql;
using Broker.Actors.Storage.Sql.Schema;
using LinqToDB.Data;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Broker.Specs.Actors.Storage;

public sealed class MigrationSpecs : IDisposable
{
    /// <summary>A database as version 1 of the tables left it; stays as it is.</summary>
    private const string Version1 = """
        CREATE TABLE mqtt_schema (version INTEGER NOT NULL PRIMARY KEY);
        CREATE TABLE mqtt_session (session_key INTEGER NOT NULL PRIMARY KEY, client_hash BLOB NOT NULL UNIQUE, client_id TEXT NOT NULL);
        CREATE TABLE mqtt_handshake (session_key INTEGER NOT NULL PRIMARY KEY, read_position INTEGER NOT NULL, last_number INTEGER NOT NULL,
            outbound BLOB NULL, inbound BLOB NULL);
        CREATE TABLE mqtt_queue (session_key INTEGER NOT NULL, position INTEGER NOT NULL, kind INTEGER NOT NULL, size INTEGER NOT NULL,
            expires_at INTEGER NULL, message_key INTEGER NULL, subscriptions BLOB NULL, body BLOB NULL, PRIMARY KEY (session_key, position));
        CREATE INDEX mqtt_queue_message ON mqtt_queue (message_key) WHERE message_key IS NOT NULL;
        CREATE INDEX mqtt_queue_expiry ON mqtt_queue (expires_at) WHERE expires_at IS NOT NULL;
        CREATE TABLE mqtt_message (message_key INTEGER NOT NULL PRIMARY KEY, body BLOB NOT NULL);
        CREATE TABLE mqtt_received (session_key INTEGER NOT NULL, origin INTEGER NOT NULL, number INTEGER NOT NULL,
            PRIMARY KEY (session_key, origin, number)) WITHOUT ROWID;
        CREATE TABLE mqtt_route (session_key INTEGER NOT NULL, filter_hash BLOB NOT NULL, filter TEXT NOT NULL, options INTEGER NOT NULL,
            subscription_id INTEGER NOT NULL, PRIMARY KEY (session_key, filter_hash)) WITHOUT ROWID;
        CREATE TABLE mqtt_ended (session_key INTEGER NOT NULL PRIMARY KEY);
        CREATE TABLE mqtt_retained (topic_hash BLOB NOT NULL PRIMARY KEY, partition_number INTEGER NOT NULL, version INTEGER NOT NULL,
            topic TEXT NOT NULL, body BLOB NULL);
        CREATE INDEX mqtt_retained_version ON mqtt_retained (partition_number, version);
        INSERT INTO mqtt_schema VALUES (1);
        INSERT INTO mqtt_session VALUES (7, X'948FE603F61DC036B5C596DC09FE3CE3', 'client');
        INSERT INTO mqtt_handshake VALUES (7, 1, 0, NULL, NULL);
        INSERT INTO mqtt_queue VALUES (7, 2, 1, 4, NULL, NULL, NULL, X'010103612F620178');
        """;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("mqtt-spec-");

    [Fact]
    public async Task A_database_of_version_1_is_brought_to_the_latest_with_what_is_in_it()
    {
        var options = new BrokerOptions { DataDirectory = _directory.FullName };
        await using (var old = new SqliteConnection(SqlDialects.File(_directory.FullName, SqlDialects.FileName)))
        {
            await old.OpenAsync();
            await using var script = old.CreateCommand();
            script.CommandText = Version1;
            await script.ExecuteNonQueryAsync();
        }

        await using var store = await SqlStore.OpenAsync(options, "mqtt@spec", 1, NullLoggerFactory.Instance, TimeProvider.System, CancellationToken.None);

        await using var db = new DataConnection(SqlDialects.Create(options).Options);
        (await db.ExecuteAsync<int>("SELECT MAX(version) FROM mqtt_schema")).Should().Be(Migrations.Latest);
        var session = (await store.Reader.LoadAsync("client", CancellationToken.None)).Session!;
        (session.Session.Key, session.ReadPosition, session.QueuedMessages).Should().Be((7, 1, 1));
        var message = (await store.Reader.ReadQueueAsync(session.Session, 1, 10, 1000, CancellationToken.None)).Messages.Single();
        (message.Position, message.Delivery.Publication.Topic).Should().Be((2, "a/b"));
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _directory.Delete(recursive: true);
    }
}
