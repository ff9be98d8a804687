using Broker.Actors.Storage.Sql.Dialects;

namespace Broker.Actors.Storage.Sql.Writing;

/// <summary>
/// Removes queued messages that expired a while ago and were never sent. Their sessions drop what has expired themselves when they read their queues; this is
/// for those that stay away.
/// </summary>
internal sealed class ExpiredMessages(SqlDialect dialect) : IMaintenanceTask
{
    private const int Rows = 500;

    /// <summary>Milliseconds after which no session is about to send it.</summary>
    private const int Grace = 60_000;

    private readonly string _select =
        "SELECT q.session_key, q.position FROM mqtt_queue q JOIN mqtt_handshake h ON h.session_key = q.session_key "
        + $"WHERE q.expires_at IS NOT NULL AND q.expires_at < {dialect.Now} - {Grace} AND q.position > h.read_position ORDER BY q.expires_at{dialect.Limit(Rows)}";

    /// <inheritdoc/>
    public bool Run(GroupTransaction transaction)
    {
        var expired = transaction.Apart(Find);
        if (expired.Count > 0)
        {
            transaction.Run(commands => commands.Execute(expired));
        }

        return expired.Count == Rows;
    }

    private List<Statement> Find(CommandCache commands)
    {
        var expired = new List<Statement>();
        using var reader = commands.Bind(new Statement(_select)).ExecuteReader();
        while (reader.Read())
        {
            expired.Add(new Statement(
                "DELETE FROM mqtt_queue WHERE session_key = @session AND position = @position",
                ("@session", reader.GetInt64(0)),
                ("@position", reader.GetInt64(1))));
        }

        return expired;
    }
}
