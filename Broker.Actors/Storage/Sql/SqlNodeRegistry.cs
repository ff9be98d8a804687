using System.Data.Common;
using System.Globalization;
using Broker.Actors.Storage.Sql.Dialects;
using Broker.Actors.Storage.Sql.Writing;
using LinqToDB.Data;

namespace Broker.Actors.Storage.Sql;

/// <summary>The registry in SQL: <c>mqtt_node</c>, and <c>mqtt_fence</c> that the groups lock.</summary>
internal sealed class SqlNodeRegistry(SqlDialect dialect) : INodeRegistry
{
    // Of mqtt_node.revoked.
    private const int Revoked = 1;
    private const int Confirmed = 2;

    private NodeRegistration? _self;

    /// <inheritdoc/>
    public NodeRegistration Self => _self ?? throw new InvalidOperationException("This node is not registered.");

    /// <inheritdoc/>
    public async Task<NodeRegistration> RegisterAsync(string address, int uid, CancellationToken cancellation)
    {
        var self = await InsertAsync(address, uid, cancellation).ConfigureAwait(false);
        _self = self;
        foreach (var (node, _, _, _) in await ReadAsync(cancellation).ConfigureAwait(false))
        {
            // Those before this one under its address, or all where nobody else can be there.
            if (node.Key < self.Key && (node.Address == address || !dialect.IsShared))
            {
                await RevokeAsync(node.Key, isStopped: true, cancellation).ConfigureAwait(false);
            }
        }

        return self;
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
    public async Task EnterAsync(CancellationToken cancellation)
    {
        await using var db = new DataConnection(dialect.Options);
        await EnterAsync(db, cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<bool> TryFormAsync(IReadOnlyCollection<RegisteredNode> silent, CancellationToken cancellation)
    {
        var gate = new SqlLeases(dialect);
        await gate.EnsureAsync(SqlLeases.Forming, cancellation).ConfigureAwait(false);
        await using var db = new DataConnection(dialect.Options);
        await using var transaction = await db.BeginTransactionAsync(cancellation).ConfigureAwait(false);

        // One at a time, from here to the commit.
        await SqlLeases.LockAsync(db, SqlLeases.Forming, cancellation).ConfigureAwait(false);
        foreach (var node in await ReadAsync(db, cancellation).ConfigureAwait(false))
        {
            if (!node.IsMember || node.Registration.Key == Self.Key)
            {
                continue;
            }

            if (!silent.Any(known => known.Registration.Key == node.Registration.Key && known.RenewedAt == node.RenewedAt))
            {
                return false;
            }

            await MarkRevokedAsync(db, node.Registration.Key, Revoked, cancellation).ConfigureAwait(false);
        }

        if (!await EnterAsync(db, cancellation).ConfigureAwait(false))
        {
            return false;
        }

        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
        return true;
    }

    /// <inheritdoc/>
    public async Task<TimeSpan> RevokeAsync(string address, int uid, bool isStopped, CancellationToken cancellation)
    {
        var left = TimeSpan.Zero;
        foreach (var key in await KeysAsync(address, uid, cancellation).ConfigureAwait(false))
        {
            if (await RevokeAsync(key, isStopped, cancellation).ConfigureAwait(false) is var one && one > left)
            {
                left = one;
            }
        }

        return left;
    }

    /// <inheritdoc/>
    public async Task<TimeSpan> UnsettledAsync(CancellationToken cancellation)
    {
        await using var db = new DataConnection(dialect.Options);
        return Left(await NumberAsync(
            db, $"SELECT MIN({dialect.Now} - renewed_at) FROM mqtt_node WHERE revoked = {Revoked}", cancellation).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public async Task ConfirmAsync(CancellationToken cancellation)
    {
        await using var db = new DataConnection(dialect.Options);
        await using var transaction = await db.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        await MarkRevokedAsync(db, Self.Key, Confirmed, cancellation).ConfigureAwait(false);
        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RegisteredNode>> ReadAsync(CancellationToken cancellation)
    {
        await using var db = new DataConnection(dialect.Options);
        return await ReadAsync(db, cancellation).ConfigureAwait(false);
    }

    private async Task<NodeRegistration> InsertAsync(string address, int uid, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                var incarnation = Guid.NewGuid();
                await using var db = new DataConnection(dialect.Options);
                await using var transaction = await db.BeginTransactionAsync(cancellation).ConfigureAwait(false);
                var key = await NumberAsync(db, "SELECT COALESCE(MAX(node_key), 0) + 1 FROM mqtt_node", cancellation).ConfigureAwait(false) ?? 1;
                await db.ExecuteAsync(
                    $"""
                    INSERT INTO mqtt_node (node_key, address, uid, incarnation, renewed_at, is_member, revoked)
                    VALUES (@key, @address, @uid, @incarnation, {dialect.Now}, 0, 0)
                    """,
                    cancellation,
                    new DataParameter("key", key),
                    new DataParameter("address", address),
                    new DataParameter("uid", (long)uid),
                    new DataParameter("incarnation", incarnation.ToString())).ConfigureAwait(false);
                await db.ExecuteAsync(
                    "INSERT INTO mqtt_fence (node_key, revoked, last_group) VALUES (@key, 0, 0)", cancellation, new DataParameter("key", key)).ConfigureAwait(false);
                await transaction.CommitAsync(cancellation).ConfigureAwait(false);
                return new NodeRegistration(key, address, uid, incarnation);
            }
            catch (DbException problem) when (dialect.IsRefusal(problem) && !cancellation.IsCancellationRequested)
            {
                // Another node has registered at the same moment and has the number.
            }
        }
    }

    private async Task<IReadOnlyList<RegisteredNode>> ReadAsync(DataConnection db, CancellationToken cancellation)
    {
        var result = new List<RegisteredNode>();
        await using var reader = await db.ExecuteReaderAsync(
            $"SELECT node_key, address, uid, incarnation, is_member, renewed_at, {dialect.Now} FROM mqtt_node WHERE revoked = 0 ORDER BY node_key", cancellation)
            .ConfigureAwait(false);
        var rows = reader.Reader!;
        while (await rows.ReadAsync(cancellation).ConfigureAwait(false))
        {
            var registration = new NodeRegistration(
                rows.GetInt64(0), rows.GetString(1), (int)rows.GetInt64(2), Guid.Parse(rows.GetString(3), CultureInfo.InvariantCulture));
            var (renewedAt, now) = (rows.GetInt64(5), rows.GetInt64(6));
            result.Add(new RegisteredNode(registration, rows.GetInt64(4) != 0, renewedAt, TimeSpan.FromMilliseconds(Math.Max(0, now - renewedAt))));
        }

        return result;
    }

    private async Task<List<long>> KeysAsync(string address, int uid, CancellationToken cancellation)
    {
        await using var db = new DataConnection(dialect.Options);
        var keys = new List<long>();
        await using var reader = await db.ExecuteReaderAsync(
            "SELECT node_key, address FROM mqtt_node WHERE uid = @uid", cancellation, new DataParameter("uid", (long)uid)).ConfigureAwait(false);
        while (await reader.Reader!.ReadAsync(cancellation).ConfigureAwait(false))
        {
            if (reader.Reader.GetString(1) == address)
            {
                keys.Add(reader.Reader.GetInt64(0));
            }
        }

        return keys;
    }

    private async Task<TimeSpan> RevokeAsync(long key, bool isStopped, CancellationToken cancellation)
    {
        await using var db = new DataConnection(dialect.Options);
        await using var transaction = await db.BeginTransactionAsync(cancellation).ConfigureAwait(false);

        // Of two that would revoke each other one comes first, and the other finds itself revoked.
        var own = await db.ExecuteAsync(
            "UPDATE mqtt_fence SET last_group = last_group WHERE node_key = @key AND revoked = 0", cancellation, new DataParameter("key", Self.Key)).ConfigureAwait(false);
        if (own == 0)
        {
            throw new RevokedException(Self.Key);
        }

        await MarkRevokedAsync(db, key, isStopped ? Confirmed : Revoked, cancellation).ConfigureAwait(false);
        var left = Left(await NumberAsync(
            db, $"SELECT {dialect.Now} - renewed_at FROM mqtt_node WHERE node_key = @key AND revoked = {Revoked}", cancellation, new DataParameter("key", key))
            .ConfigureAwait(false));
        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
        return left;
    }

    private static TimeSpan Left(long? age) =>
        age is { } milliseconds && INodeRegistry.Validity - TimeSpan.FromMilliseconds(milliseconds) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    /// <summary>Waits for the group that holds the fence.</summary>
    private static async Task MarkRevokedAsync(DataConnection db, long key, int how, CancellationToken cancellation)
    {
        await db.ExecuteAsync("UPDATE mqtt_fence SET revoked = 1 WHERE node_key = @key", cancellation, new DataParameter("key", key)).ConfigureAwait(false);
        await db.ExecuteAsync(
            "UPDATE mqtt_node SET revoked = @how, is_member = 0 WHERE node_key = @key AND revoked < @how",
            cancellation,
            new DataParameter("how", (long)how),
            new DataParameter("key", key)).ConfigureAwait(false);
    }

    private async Task<bool> EnterAsync(DataConnection db, CancellationToken cancellation) => await db.ExecuteAsync(
        $"UPDATE mqtt_node SET is_member = 1, renewed_at = {dialect.Now} WHERE node_key = @key AND revoked = 0", cancellation, new DataParameter("key", Self.Key))
        .ConfigureAwait(false) == 1;

    private static async Task<long?> NumberAsync(DataConnection db, string sql, CancellationToken cancellation, params DataParameter[] parameters) =>
        await db.ExecuteAsync<object?>(sql, cancellation, parameters).ConfigureAwait(false) is { } value and not DBNull
            ? Convert.ToInt64(value, CultureInfo.InvariantCulture)
            : null;
}
