using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Persistence.Sql.Config;
using Broker.Actors.Hosting;
using Broker.Actors.Storage.Sql.Dialects;
using LinqToDB;
using LinqToDB.Data;

namespace Broker.Actors.Storage.Sql;

/// <summary>
/// Akka.Persistence on the store's database: journal and snapshots go through the same data source as the groups, so that pragmas and connection
/// strings hold for both (hard case 12). On SQLite they have a file of their own, since a file has one write lock; their tables are made there on first use, elsewhere with
/// the others (<see cref="Schema.JournalTables"/>).
/// </summary>
internal static class SqlPersistence
{
    /// <summary>SQLite's file for events and snapshots, beside <see cref="SqlDialects.FileName"/>.</summary>
    public const string JournalFileName = "journal.db";

    // A persistence id has 255 characters at most: a session's key fits, a client id may not.
    private const string PluginsTemplate = """
        akka.persistence {
          journal {
            plugin = "akka.persistence.journal.sql"
            auto-start-journals = ["akka.persistence.journal.sql"]
            sql {
              class = "Akka.Persistence.Sql.Journal.SqlWriteJournal, Akka.Persistence.Sql"
              provider-name = "{provider}"
              connection-string = "given by DataOptionsSetup"
              auto-initialize = true
              tag-write-mode = Csv
              circuit-breaker { max-failures = 5, call-timeout = 10s, reset-timeout = 2s }
            }
          }
          snapshot-store {
            plugin = "akka.persistence.snapshot-store.sql"
            auto-start-snapshot-stores = ["akka.persistence.snapshot-store.sql"]
            sql {
              class = "Akka.Persistence.Sql.Snapshot.SqlSnapshotStore, Akka.Persistence.Sql"
              provider-name = "{provider}"
              connection-string = "given by DataOptionsSetup"
              auto-initialize = true
              circuit-breaker { max-failures = 5, call-timeout = 10s, reset-timeout = 2s }
            }
          }
          max-concurrent-recoveries = 50
        }
        """;

    private const string SqliteSpecial = """
        akka.persistence {
          journal.sql { read-isolation-level = read-uncommitted, parallelism = 1 }
          snapshot-store.sql.read-isolation-level = read-uncommitted
        }
        """;

    /// <summary>What the actor system needs: the configuration of the plugins, below the user's own, and their data source.</summary>
    /// <exception cref="StorageException">The connection string is missing or malformed.</exception>
    public static (Config Hocon, Setup Setup) Configure(BrokerOptions options)
    {
        var dialect = Dialect(options);
        if (dialect is SqliteDialect)
        {
            Directory.CreateDirectory(options.DataDirectory);
        }

        return (Plugins(dialect), new DataOptionsSetup(dialect.Options));
    }

    /// <summary>The configuration of the plugins on this database.</summary>
    public static Config Plugins(SqlDialect dialect)
    {
        // On SQLite a read at any other level begins by taking the file's one write lock; "uncommitted" makes it a plain snapshot of a file in WAL mode,
        // which never shows what is not committed. And with one lock, writers beside one another only wait.
        var special = dialect is SqliteDialect ? SqliteSpecial : "";
        var provider = dialect.Options.ConnectionOptions.ProviderName!;
        return ConfigurationFactory.ParseString(special)
            .WithFallback(ConfigurationFactory.ParseString(PluginsTemplate.Replace("{provider}", provider, StringComparison.Ordinal)))
            .WithFallback(Akka.Persistence.Sql.SqlPersistence.DefaultConfiguration);
    }

    /// <summary>Of the database that holds the events.</summary>
    /// <exception cref="StorageException">The connection string is missing or malformed.</exception>
    public static SqlDialect Dialect(BrokerOptions options) =>
        SqlDialects.Create(options) is { IsShared: true } shared ? shared : new SqliteDialect(SqlDialects.File(options.DataDirectory, JournalFileName));
}
