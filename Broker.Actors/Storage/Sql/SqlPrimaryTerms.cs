using System.Globalization;
using Broker.Actors.Storage.Sql.Dialects;
using Broker.Actors.Storage.Sql.Reading;
using LinqToDB.Data;

namespace Broker.Actors.Storage.Sql;

/// <summary>The primary's terms in SQL: the one row of <c>mqtt_primary</c>.</summary>
internal sealed class SqlPrimaryTerms(SqlDialect dialect, INodeRegistry registry) : IPrimaryTerms
{
    /// <inheritdoc/>
    public Task<PrimaryTerm> TakeAsync(CancellationToken cancellation) => Guard.ReadAsync(dialect, async () =>
    {
        await using var db = new DataConnection(dialect.Options);
        await using var transaction = await db.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        var node = new DataParameter("node", registry.Self.Key);

        // The row is locked from here on: two that take over at once get a term each.
        if (await db.ExecuteAsync(
                $"UPDATE mqtt_primary SET term = term + 1, node_key = @node, since = {dialect.Now} WHERE primary_key = 1", cancellation, node).ConfigureAwait(false) == 0)
        {
            // The first of all. A second one fails on the key, and is tried again.
            await db.ExecuteAsync(
                $"INSERT INTO mqtt_primary (primary_key, term, node_key, since) VALUES (1, 1, @node, {dialect.Now})", cancellation, node).ConfigureAwait(false);
        }

        var term = new PrimaryTerm(
            await NumberAsync(db, "SELECT term FROM mqtt_primary WHERE primary_key = 1", cancellation).ConfigureAwait(false),
            await NumberAsync(db, "SELECT since FROM mqtt_primary WHERE primary_key = 1", cancellation).ConfigureAwait(false));
        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
        return term;
    });

    private static async Task<long> NumberAsync(DataConnection db, string sql, CancellationToken cancellation) =>
        Convert.ToInt64(await db.ExecuteAsync<object>(sql, cancellation).ConfigureAwait(false), CultureInfo.InvariantCulture);
}
