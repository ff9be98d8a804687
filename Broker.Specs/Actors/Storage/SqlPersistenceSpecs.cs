using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Persistence;
using Broker.Actors.Hosting;
using Broker.Actors.Storage.Sql;
using Broker.Actors.Storage.Sql.Dialects;
using Broker.Specs.Support.Databases;
using LinqToDB.Data;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Broker.Specs.Actors.Storage;

/// <summary>Akka.Persistence on the same data source.</summary>
[Collection(PostgreSqlCollection.Name)]
public sealed class SqlPersistenceSpecs(PostgreSqlFixture fixture) : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("mqtt-spec-");

    [Theory]
    [InlineData(StorageProvider.Sqlite)]
    [InlineData(StorageProvider.PostgreSql)]
    public async Task Events_and_snapshots_survive_a_restart(StorageProvider provider)
    {
        var options = new BrokerOptions
        {
            DataDirectory = _directory.FullName,
            Storage = new StorageOptions
            {
                Provider = provider,
                ConnectionString = provider == StorageProvider.Sqlite ? "" : await fixture.Server.CreateDatabaseAsync(),
            },
        };
        foreach (var (said, expected) in new[] { ("a", "a"), ("b", "a,b"), ("c", "a,b,c") })
        {
            (await RunAsync(options, said)).Should().Be(expected);
        }

        (await CountAsync(options)).Should().BePositive();
        using (var rows = new JournalRows(options))
        {
            await rows.RemoveAsync(["session-1", "session-2"]);
        }

        (await CountAsync(options)).Should().Be(0);
        (await RunAsync(options, "d")).Should().Be("d", "nothing is left of the others");
        if (provider == StorageProvider.Sqlite)
        {
            File.Exists(Path.Combine(_directory.FullName, SqlPersistence.JournalFileName)).Should().BeTrue();
        }
    }

    [Fact]
    public async Task Nodes_that_find_an_empty_database_at_the_same_time_leave_it_with_the_tables_of_the_journal()
    {
        var options = new BrokerOptions
        {
            DataDirectory = _directory.FullName,
            Storage = new StorageOptions { Provider = StorageProvider.PostgreSql, ConnectionString = await fixture.Server.CreateDatabaseAsync() },
        };

        var stores = await Task.WhenAll(Enumerable.Range(1, 4).Select(uid => Task.Run(() => SqlStore.OpenAsync(
            options, $"akka.tcp://mqtt@10.0.0.{uid}:4053", uid, NullLoggerFactory.Instance, TimeProvider.System, CancellationToken.None))));

        (await CountAsync(options)).Should().Be(0);
        await using var db = new DataConnection(SqlDialects.Create(options).Options);
        (await db.ExecuteAsync<long>("SELECT COUNT(*) FROM snapshot")).Should().Be(0);
        foreach (var store in stores)
        {
            await store.DisposeAsync();
        }
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _directory.Delete(recursive: true);
    }

    private static async Task<long> CountAsync(BrokerOptions options)
    {
        var dialect = options.Storage.Provider == StorageProvider.Sqlite
            ? new SqliteDialect(SqlDialects.File(options.DataDirectory, SqlPersistence.JournalFileName))
            : SqlDialects.Create(options);
        await using var db = new DataConnection(dialect.Options);
        return await db.ExecuteAsync<long>("SELECT COUNT(*) FROM journal");
    }

    private static async Task<string> RunAsync(BrokerOptions options, string said)
    {
        var (hocon, setup) = SqlPersistence.Configure(options);
        var bootstrap = BootstrapSetup.Create().WithConfig(ConfigurationFactory.ParseString("akka.loglevel = WARNING").WithFallback(hocon));
        var system = ActorSystem.Create("spec", ActorSystemSetup.Create(bootstrap, setup));
        var answer = await system.ActorOf(Props.Create(() => new Listener())).Ask<string>(said, Deadline);
        await system.Terminate().WaitAsync(Deadline);
        return answer;
    }

    private sealed class Listener : ReceivePersistentActor
    {
        private List<string> _heard = [];

        public Listener()
        {
            IActorRef asker = ActorRefs.Nobody;
            Recover<string>(_heard.Add);
            Recover<SnapshotOffer>(offer => _heard = [.. ((string)offer.Snapshot).Split(',')]);
            Command<string>(said =>
            {
                asker = Sender;
                Persist(said, persisted =>
                {
                    _heard.Add(persisted);
                    SaveSnapshot(string.Join(',', _heard));
                });
            });
            Command<SaveSnapshotSuccess>(saved =>
            {
                DeleteMessages(saved.Metadata.SequenceNr);
                asker.Tell(string.Join(',', _heard));
            });
        }

        public override string PersistenceId => "session-1";
    }
}
