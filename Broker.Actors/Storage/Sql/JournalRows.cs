using System.Data.Common;
using Broker.Actors.Hosting;
using Broker.Actors.Storage.Sql.Dialects;
using Broker.Actors.Storage.Sql.Writing;
using LinqToDB.Data;

namespace Broker.Actors.Storage.Sql;

/// <summary>
/// The tables of Akka.Persistence, as far as it leaves rows behind: of events that were deleted it keeps the last, so that a persistence id that is used
/// again goes on with its numbers. A session's is not, and a row for each session that ever was would fill the disk.
/// </summary>
internal sealed class JournalRows(BrokerOptions options) : IDisposable
{
    private readonly SqlDialect _dialect = SqlPersistence.Dialect(options);

    /// <summary>Removes every row of these persistence ids, and gives the room back.</summary>
    /// <exception cref="StorageException">The database is away.</exception>
    public Task RemoveAsync(IReadOnlyList<string> persistenceIds) => Task.Run(() =>
    {
        Run(commands =>
        {
            using var transaction = commands.Connection.BeginTransaction();
            commands.Transaction = transaction;
            foreach (var id in persistenceIds)
            {
                commands.Execute(new Statement("DELETE FROM journal WHERE persistence_id = @id", ("@id", id)));
                commands.Execute(new Statement("DELETE FROM snapshot WHERE persistence_id = @id", ("@id", id)));
            }

            transaction.Commit();
            commands.Transaction = null;
            while (_dialect.Shrink(commands))
            {
                // In small steps, between which others get the file's lock.
            }
        });
    });

    /// <summary>After the last event.</summary>
    public void Dispose()
    {
        try
        {
            Run(_dialect.Close);
        }
        catch (StorageException)
        {
            // The database is away; there is nothing to tidy up in it.
        }
    }

    private void Run(Action<CommandCache> action)
    {
        try
        {
            using var db = new DataConnection(_dialect.Options);
            using var commands = new CommandCache(db.OpenDbConnection());
            action(commands);
        }
        catch (DbException problem)
        {
            throw new StorageException($"{_dialect.Name} cannot be written: {problem.Message}", problem);
        }
    }
}
