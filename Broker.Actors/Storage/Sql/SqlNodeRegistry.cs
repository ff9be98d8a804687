using System.Globalization;
using Broker.Actors.Storage.Sql.Dialects;
using LinqToDB.Data;

namespace Broker.Actors.Storage.Sql;

/// <summary>The registry in SQL: <c>mqtt_node</c>, and <c>mqtt_fence</c> that the groups lock.</summary>
internal sealed class SqlNodeRegistry(SqlDialect dialect) : INodeRegistry
{
    private NodeRegistration? _self;

    /// <inheritdoc/>
    public NodeRegistration Self => _self ?? throw new InvalidOperationException("This node is not registered.");

    /// <inheritdoc/>
    public async Task<NodeRegistration> RegisterAsync(string address, CancellationToken cancellation)
    {
        var incarnation = Guid.NewGuid();
        await using var db = new DataConnection(dialect.Options);
        await using (var transaction = await db.BeginTransactionAsync(cancellation).ConfigureAwait(false))
        {
            // Two that register at once get the same number here, and one of them fails on the key and is tried again.
            var key = await NumberAsync(db, "SELECT COALESCE(MAX(node_key), 0) + 1 FROM mqtt_node", cancellation).ConfigureAwait(false) ?? 1;
            await db.ExecuteAsync(
                $"INSERT INTO mqtt_node (node_key, address, incarnation, renewed_at, revoked) VALUES (@key, @address, @incarnation, {dialect.Now}, 0)",
                cancellation,
                new DataParameter("key", key),
                new DataParameter("address", address),
                new DataParameter("incarnation", incarnation.ToString())).ConfigureAwait(false);
            await db.ExecuteAsync(
                "INSERT INTO mqtt_fence (node_key, revoked, last_group) VALUES (@key, 0, 0)", cancellation, new DataParameter("key", key)).ConfigureAwait(false);
            await transaction.CommitAsync(cancellation).ConfigureAwait(false);
            _self = new NodeRegistration(key, address, incarnation);
        }

        foreach (var node in await ReadAsync(cancellation).ConfigureAwait(false))
        {
            // Those before this one under its address, or all where nobody else can be there.
            if (node.Key < _self.Key && (node.Address == address || !dialect.IsShared))
            {
                await RevokeAsync(node.Key, cancellation).ConfigureAwait(false);
            }
        }

        return _self;
    }

    /// <inheritdoc/>
    public async Task<bool> RenewAsync(CancellationToken cancellation)
    {
        await using var db = new DataConnection(dialect.Options);
        return await db.ExecuteAsync(
            $"UPDATE mqtt_node SET renewed_at = {dialect.Now} WHERE node_key = @key AND revoked = 0", cancellation, new DataParameter("key", Self.Key))
            .ConfigureAwait(false) == 1;
    }

    /// <inheritdoc/>
    public async Task<TimeSpan?> RevokeAsync(string address, CancellationToken cancellation)
    {
        TimeSpan? longest = null;
        foreach (var node in await ReadAsync(cancellation).ConfigureAwait(false))
        {
            if (node.Address == address && await RevokeAsync(node.Key, cancellation).ConfigureAwait(false) is { } left)
            {
                longest = longest > left ? longest : left;
            }
        }

        return longest;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<NodeRegistration>> ReadAsync(CancellationToken cancellation)
    {
        await using var db = new DataConnection(dialect.Options);
        var result = new List<NodeRegistration>();
        await using var reader = await db.ExecuteReaderAsync(
            "SELECT node_key, address, incarnation FROM mqtt_node WHERE revoked = 0 ORDER BY node_key", cancellation).ConfigureAwait(false);
        while (await reader.Reader!.ReadAsync(cancellation).ConfigureAwait(false))
        {
            result.Add(new NodeRegistration(
                reader.Reader.GetInt64(0), reader.Reader.GetString(1), Guid.Parse(reader.Reader.GetString(2), CultureInfo.InvariantCulture)));
        }

        return result;
    }

    private async Task<TimeSpan?> RevokeAsync(long key, CancellationToken cancellation)
    {
        await using var db = new DataConnection(dialect.Options);
        await using var transaction = await db.BeginTransactionAsync(cancellation).ConfigureAwait(false);

        // Waits for the group that holds the row.
        var revoked = await db.ExecuteAsync(
            "UPDATE mqtt_fence SET revoked = 1 WHERE node_key = @key AND revoked = 0", cancellation, new DataParameter("key", key)).ConfigureAwait(false);
        await db.ExecuteAsync("UPDATE mqtt_node SET revoked = 1 WHERE node_key = @key", cancellation, new DataParameter("key", key)).ConfigureAwait(false);
        var age = await NumberAsync(db, $"SELECT {dialect.Now} - renewed_at FROM mqtt_node WHERE node_key = @key", cancellation, new DataParameter("key", key))
            .ConfigureAwait(false);
        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
        if (revoked == 0 || age is null)
        {
            return null;
        }

        var left = INodeRegistry.Validity - TimeSpan.FromMilliseconds(age.Value);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private static async Task<long?> NumberAsync(DataConnection db, string sql, CancellationToken cancellation, params DataParameter[] parameters) =>
        await db.ExecuteAsync<object?>(sql, cancellation, parameters).ConfigureAwait(false) is { } value and not DBNull
            ? Convert.ToInt64(value, CultureInfo.InvariantCulture)
            : null;
}
