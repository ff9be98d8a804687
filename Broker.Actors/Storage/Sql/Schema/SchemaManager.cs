using System.Data.Common;
using System.Globalization;
using Broker.Actors.Storage.Sql.Dialects;
using LinqToDB.Data;

namespace Broker.Actors.Storage.Sql.Schema;

/// <summary>Brings the database to the version of the schema that this program knows.</summary>
internal static class SchemaManager
{
    /// <summary>Creates or migrates the tables. Answers the version that was there, 0: none.</summary>
    /// <exception cref="StorageException">A newer program has written it.</exception>
    /// <exception cref="DbException">The database does not answer, or another node migrates it now.</exception>
    public static async Task<int> MigrateAsync(SqlDialect dialect, CancellationToken cancellation)
    {
        await using var db = new DataConnection(dialect.Options);
        await db.ExecuteAsync(dialect.DefineMissing("mqtt_schema", "version {number} NOT NULL PRIMARY KEY"), cancellation).ConfigureAwait(false);
        var found = Convert.ToInt32(
            await db.ExecuteAsync<object?>("SELECT COALESCE(MAX(version), 0) FROM mqtt_schema", cancellation).ConfigureAwait(false),
            CultureInfo.InvariantCulture);
        if (found > Migrations.Latest)
        {
            throw new StorageException(
                $"The {dialect.Name} database has version {found} of the tables and this program knows {Migrations.Latest}: a newer program has used it. "
                + "Start that one, or restore a backup from before.");
        }

        for (var version = found + 1; version <= Migrations.Latest; version++)
        {
            await MigrateAsync(db, dialect, version, cancellation).ConfigureAwait(false);
        }

        return found;
    }

    private static async Task MigrateAsync(DataConnection db, SqlDialect dialect, int version, CancellationToken cancellation)
    {
        var done = string.Create(CultureInfo.InvariantCulture, $"INSERT INTO mqtt_schema (version) VALUES ({version})");
        await using var transaction = await db.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        if (dialect.HasTransactionalDefinitions)
        {
            // First of all: a second node that migrates at the same time fails here, before it has changed anything.
            await db.ExecuteAsync(done, cancellation).ConfigureAwait(false);
        }

        foreach (var statement in Migrations.All[version - 1])
        {
            try
            {
                await db.ExecuteAsync(dialect.Define(statement), cancellation).ConfigureAwait(false);
            }
            catch (DbException problem) when (dialect.IsDefinedAlready(problem))
            {
                // An earlier start was interrupted behind this statement.
            }
        }

        if (version == Migrations.JournalVersion && dialect is { IsShared: true, HasTransactionalDefinitions: true })
        {
            // On a connection of its own, while the others wait for this transaction. Where definitions are not part of one, "if not exists" holds, and the plugins may.
            await JournalTables.CreateAsync(dialect, cancellation).ConfigureAwait(false);
        }

        if (!dialect.HasTransactionalDefinitions)
        {
            await db.ExecuteAsync(done, cancellation).ConfigureAwait(false);
        }

        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
    }
}
