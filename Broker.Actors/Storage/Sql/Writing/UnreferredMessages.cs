using System.Globalization;
using Broker.Actors.Storage.Sql.Dialects;

namespace Broker.Actors.Storage.Sql.Writing;

/// <summary>
/// Removes the messages stored once for several sessions that no queue refers to any more. It walks those that nobody can refer to anew: this node's that
/// have left <see cref="SharedMessages"/>, and those of nodes that cannot commit.
/// </summary>
internal sealed class UnreferredMessages(SqlDialect dialect, long node, SharedMessages shared) : IMaintenanceTask
{
    private const int Rows = 1_000;

    private long _after;

    /// <inheritdoc/>
    public bool Run(GroupTransaction transaction)
    {
        var candidates = Candidates();
        var last = transaction.Apart(commands => commands.Scalar(new Statement(
            $"SELECT MAX(message_key) FROM (SELECT m.message_key FROM mqtt_message m WHERE {candidates} ORDER BY m.message_key{dialect.Limit(Rows)}) c",
            Bounds())));
        if (last is null)
        {
            // From the start again, next time.
            _after = 0;
            return false;
        }

        var end = Convert.ToInt64(last, CultureInfo.InvariantCulture);
        var removed = 0;
        transaction.Run(commands => removed = commands.Execute(new Statement(
            "DELETE FROM mqtt_message WHERE message_key > @after AND message_key <= @end AND message_key IN "
            + $"(SELECT c.message_key FROM (SELECT m.message_key FROM mqtt_message m WHERE {candidates} AND m.message_key <= @end "
            + "AND NOT EXISTS (SELECT 1 FROM mqtt_queue q WHERE q.message_key = m.message_key)) c)",
            [.. Bounds(), ("@end", end)])));
        _after = end;
        return removed > 0;
    }

    // A live node's messages are its own affair: it may be about to refer to them.
    private string Candidates() => "m.message_key > @after AND (m.message_key BETWEEN @first AND @floor"
        + (dialect.IsShared
            ? $" OR m.message_key < @first AND NOT EXISTS (SELECT 1 FROM mqtt_node n WHERE n.revoked = 0 AND m.message_key >= n.node_key * {KeyRange.First(1)} "
                + $"AND m.message_key < (n.node_key + 1) * {KeyRange.First(1)}))"
            : " OR m.message_key < @first)");

    private (string, object)[] Bounds() =>
        [("@after", _after), ("@first", KeyRange.First(node)), ("@floor", shared.Floor - 1)];
}
