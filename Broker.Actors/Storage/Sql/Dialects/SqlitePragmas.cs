using System.Data.Common;
using LinqToDB.Interceptors;

namespace Broker.Actors.Storage.Sql.Dialects;

/// <summary>
/// What SQLite takes only as statements on each connection. WAL with FULL syncs the log at each commit: committed means that it survives a loss of power.
/// </summary>
internal sealed class SqlitePragmas : ConnectionInterceptor
{
    // auto_vacuum has an effect only before the first table. Cache in KiB, checkpoint in pages, limit of the log in bytes.
    private const string Statements = """
        PRAGMA busy_timeout = 1000;
        PRAGMA auto_vacuum = INCREMENTAL;
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        PRAGMA cache_size = -16384;
        PRAGMA wal_autocheckpoint = 4000;
        PRAGMA journal_size_limit = 16777216;
        """;

    /// <inheritdoc/>
    public override void ConnectionOpened(ConnectionEventData eventData, DbConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Statements;
        command.ExecuteNonQuery();
    }

    /// <inheritdoc/>
    public override Task ConnectionOpenedAsync(ConnectionEventData eventData, DbConnection connection, CancellationToken cancellationToken)
    {
        // SQLite has nothing that waits elsewhere.
        ConnectionOpened(eventData, connection);
        return Task.CompletedTask;
    }
}
