using System.Runtime.CompilerServices;
using Broker.Actors.Storage.Encoding;
using Broker.Actors.Storage.Sql.Dialects;
using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;

namespace Broker.Actors.Storage.Sql.Reading;

/// <summary>Connections on which something hangs, in SQL.</summary>
internal sealed class SqlConnectionStore(SqlDialect dialect) : IConnectionStore
{
    private readonly string _stamp =
        $"UPDATE mqtt_connection SET closed_at = {dialect.Now}, due_at = {ConnectionSql.DueAt(dialect, "session_expiry", "will_delay")} WHERE closed_at IS NULL AND ";

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredConnection> ReadOpenAsync(long nodeKey, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var db = new DataConnection(dialect.Options);
        await foreach (var row in Guard.ReadAllAsync(dialect, Rows(db).Where(row => row.Node == nodeKey && row.ClosedAt == null).AsAsyncEnumerable(), cancellation).ConfigureAwait(false))
        {
            yield return Decode(row);
        }
    }

    /// <inheritdoc/>
    public Task<int> StampDisconnectedAsync(long? nodeKey, CancellationToken cancellation) => Guard.ReadAsync(dialect, async () =>
    {
        await using var db = new DataConnection(dialect.Options);
        return nodeKey is { } node
            ? await db.ExecuteAsync(_stamp + "node_key = @node", cancellation, new DataParameter("node", node)).ConfigureAwait(false)
            : await db.ExecuteAsync(_stamp + "node_key NOT IN (SELECT node_key FROM mqtt_node WHERE revoked = 0)", cancellation).ConfigureAwait(false);
    });

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredConnection>> ReadDueAsync(int most, CancellationToken cancellation) =>
        Guard.ReadAsync<IReadOnlyList<StoredConnection>>(dialect, async () =>
        {
            await using var db = new DataConnection(dialect.Options);
            var now = await NowAsync(db, cancellation).ConfigureAwait(false);
            var rows = await Rows(db).Where(row => row.DueAt <= now).OrderBy(row => row.DueAt).Take(most).ToListAsync(cancellation).ConfigureAwait(false);
            return rows.ConvertAll(Decode);
        });

    // The clock is read in the same statement as the rows, so that what is answered about time is one moment.
    private IQueryable<ConnectionRow> Rows(DataConnection db) =>
        db.FromSql<ConnectionRow>("(SELECT c.*, " + dialect.Now + " AS now_at FROM mqtt_connection c)");

    private async Task<long> NowAsync(DataConnection db, CancellationToken cancellation) => Convert.ToInt64(
        await db.ExecuteAsync<object>("SELECT " + dialect.Now, cancellation).ConfigureAwait(false), null);

    /// <summary>A row as it was read.</summary>
    public static StoredConnection Decode(ConnectionRow row)
    {
        var (will, problem) = row.Will is { } bytes
            ? Guard.TryDecode($"mqtt_connection, client id '{row.ClientId}'", () => WillCodec.Decode(bytes))
            : (null, null);
        return new StoredConnection(
            row.ClientId,
            row.Number,
            row.Node,
            (uint)row.SessionExpiry,
            will?.Message,
            row.ClosedAt is { } closedAt ? Math.Max(0, row.Now - closedAt) : null,
            problem,
            will?.Author);
    }
}
