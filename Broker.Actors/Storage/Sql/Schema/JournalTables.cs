using System.Data.Common;
using Akka.Persistence.Sql.Config;
using Akka.Persistence.Sql.Db;
using Akka.Persistence.Sql.Journal.Types;
using Akka.Persistence.Sql.Snapshot;
using Broker.Actors.Storage.Sql.Dialects;
using LinqToDB;

namespace Broker.Actors.Storage.Sql.Schema;

/// <summary>
/// The tables of Akka.Persistence. Its plugins would make them, but those of nodes that start together on an empty database get in each other's way: "if not exists" does
/// not hold against another who is about to make the same.
/// </summary>
internal static class JournalTables
{
    /// <summary>Makes those that are missing, as the plugins would.</summary>
    /// <exception cref="DbException">The database does not answer.</exception>
    public static async Task CreateAsync(SqlDialect dialect, CancellationToken cancellation)
    {
        var hocon = SqlPersistence.Plugins(dialect);
        var journal = new JournalConfig(
            hocon.GetConfig("akka.persistence.journal.sql").WithFallback(Akka.Persistence.Sql.SqlPersistence.DefaultJournalConfiguration)).WithDataOptions(dialect.Options);
        await using (var db = new AkkaPersistenceDataConnectionFactory(journal).GetConnection())
        {
            await db.CreateTableAsync<JournalRow>(TableOptions.CreateIfNotExists, journal.GenerateJournalFooter(), cancellation).ConfigureAwait(false);
        }

        var snapshots = new SnapshotConfig(
            hocon.GetConfig("akka.persistence.snapshot-store.sql").WithFallback(Akka.Persistence.Sql.SqlPersistence.DefaultSnapshotConfiguration)).WithDataOptions(dialect.Options);
        await using (var db = new AkkaPersistenceDataConnectionFactory(snapshots).GetConnection())
        {
            await (db.UseDateTime
                ? db.CreateTableAsync<DateTimeSnapshotRow>(TableOptions.CreateIfNotExists, snapshots.GenerateSnapshotFooter(), cancellation)
                : db.CreateTableAsync<LongSnapshotRow>(TableOptions.CreateIfNotExists, snapshots.GenerateSnapshotFooter(), cancellation)).ConfigureAwait(false);
        }
    }
}
