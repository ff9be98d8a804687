using System.Data.Common;
using System.Globalization;
using Broker.Actors.Storage.Sql.Dialects;
using LinqToDB;
using LinqToDB.Data;

namespace Broker.Actors.Storage.Sql;

/// <summary>
/// Leases in <c>mqtt_lease</c>: one row each, owned by a node of the registry, with a term that grows whenever the owner changes. An owner that comes back
/// late finds its term gone, and a node that is revoked gets none and keeps none. Times are by the database's clock.
/// </summary>
internal sealed class SqlLeases(SqlDialect dialect)
{
    /// <summary>Whose row's lock lets one node at a time decide whether to form a cluster.</summary>
    public const string Forming = "forming";

    private readonly HashSet<string> _known = [];

    /// <summary>Takes the lease where it is free, has run out, is this node's already, or is a revoked one's.</summary>
    /// <param name="name">Of the lease.</param>
    /// <param name="node">This node's number in the registry.</param>
    /// <param name="validity">How long it is this node's without a renewal.</param>
    /// <param name="cancellation">Ends the wait for the database.</param>
    public async Task<LeaseAnswer> AcquireAsync(string name, long node, TimeSpan validity, CancellationToken cancellation)
    {
        await EnsureAsync(name, cancellation).ConfigureAwait(false);
        await using var db = new DataConnection(dialect.Options);
        await using var transaction = await db.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        if (await db.ExecuteAsync(
            "UPDATE mqtt_fence SET last_group = last_group WHERE node_key = @node AND revoked = 0", cancellation, new DataParameter("node", node)).ConfigureAwait(false) == 0)
        {
            return LeaseAnswer.Revoked;
        }

        await LockAsync(db, name, cancellation).ConfigureAwait(false);
        var row = await ReadAsync(db, name, cancellation).ConfigureAwait(false);
        if (row.Owner is { } owner && owner != node && !row.HasRunOut && await IsLiveAsync(db, owner, cancellation).ConfigureAwait(false))
        {
            return LeaseAnswer.Held(row.HeldUntil);
        }

        var term = row.Owner == node ? row.Term : row.Term + 1;
        await db.ExecuteAsync(
            $"UPDATE mqtt_lease SET owner_key = @node, term = @term, held_until = {dialect.Now} + @validity WHERE lease_hash = @lease",
            cancellation,
            Lease(name),
            new DataParameter("node", node),
            new DataParameter("term", term),
            new DataParameter("validity", (long)validity.TotalMilliseconds)).ConfigureAwait(false);
        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
        return LeaseAnswer.Acquired(term);
    }

    /// <summary>False: the term is over.</summary>
    public async Task<bool> RenewAsync(string name, long node, long term, TimeSpan validity, CancellationToken cancellation)
    {
        await using var db = new DataConnection(dialect.Options);
        return await db.ExecuteAsync(
            $"""
            UPDATE mqtt_lease SET held_until = {dialect.Now} + @validity WHERE lease_hash = @lease AND owner_key = @node AND term = @term
            AND EXISTS (SELECT 1 FROM mqtt_node WHERE node_key = @node AND revoked = 0)
            """,
            cancellation,
            Lease(name),
            new DataParameter("node", node),
            new DataParameter("term", term),
            new DataParameter("validity", (long)validity.TotalMilliseconds)).ConfigureAwait(false) == 1;
    }

    /// <summary>Frees it for the next; nothing happens where another holds it by now.</summary>
    public async Task ReleaseAsync(string name, long node, long term, CancellationToken cancellation)
    {
        await using var db = new DataConnection(dialect.Options);
        await db.ExecuteAsync(
            "UPDATE mqtt_lease SET owner_key = NULL, held_until = 0 WHERE lease_hash = @lease AND owner_key = @node AND term = @term",
            cancellation,
            Lease(name),
            new DataParameter("node", node),
            new DataParameter("term", term)).ConfigureAwait(false);
    }

    /// <summary>Makes the lease's row where there is none.</summary>
    internal async Task EnsureAsync(string name, CancellationToken cancellation)
    {
        lock (_known)
        {
            if (_known.Contains(name))
            {
                return;
            }
        }

        await using var db = new DataConnection(dialect.Options);
        if (await db.ExecuteAsync<long>("SELECT COUNT(*) FROM mqtt_lease WHERE lease_hash = @lease", cancellation, Lease(name)).ConfigureAwait(false) == 0)
        {
            try
            {
                await db.ExecuteAsync(
                    "INSERT INTO mqtt_lease (lease_hash, name, owner_key, term, held_until) VALUES (@lease, @name, NULL, 0, 0)",
                    cancellation,
                    Lease(name),
                    new DataParameter("name", name)).ConfigureAwait(false);
            }
            catch (DbException problem) when (dialect.IsRefusal(problem))
            {
                // Another node was first.
            }
        }

        lock (_known)
        {
            _known.Add(name);
        }
    }

    /// <summary>Nobody else reads or changes the lease until the transaction ends.</summary>
    internal static Task LockAsync(DataConnection db, string name, CancellationToken cancellation) =>
        db.ExecuteAsync("UPDATE mqtt_lease SET term = term WHERE lease_hash = @lease", cancellation, Lease(name));

    private async Task<(long? Owner, long Term, long HeldUntil, bool HasRunOut)> ReadAsync(DataConnection db, string name, CancellationToken cancellation)
    {
        await using var reader = await db.ExecuteReaderAsync(
            $"SELECT owner_key, term, held_until, {dialect.Now} FROM mqtt_lease WHERE lease_hash = @lease", cancellation, Lease(name)).ConfigureAwait(false);
        var row = reader.Reader!;
        if (!await row.ReadAsync(cancellation).ConfigureAwait(false))
        {
            return (null, 0, 0, true);
        }

        var heldUntil = row.GetInt64(2);
        return (row.IsDBNull(0) ? null : row.GetInt64(0), row.GetInt64(1), heldUntil, heldUntil <= Convert.ToInt64(row.GetValue(3), CultureInfo.InvariantCulture));
    }

    private static async Task<bool> IsLiveAsync(DataConnection db, long node, CancellationToken cancellation) => await db.ExecuteAsync<long>(
        "SELECT COUNT(*) FROM mqtt_node WHERE node_key = @node AND revoked = 0", cancellation, new DataParameter("node", node)).ConfigureAwait(false) > 0;

    private static DataParameter Lease(string name) => new("lease", TextHash.Of(name), DataType.VarBinary);
}
