using Broker.Actors.Storage.Sql.Dialects;

namespace Broker.Actors.Storage.Sql.Writing;

/// <summary>
/// Removes the ids of received QoS 2 messages whose publisher's session has ended: nobody numbers messages for it any more. Not at once, since a message may
/// still be on its way: repeated to a session that has just been loaded again, it is known by its id alone.
/// </summary>
internal sealed class EndedOrigins(SqlDialect dialect, TimeProvider time) : IMaintenanceTask
{
    /// <summary>Looks that must find a publisher gone, this far apart, so that one that the database's absence has delayed does not count for two.</summary>
    public const int Looks = 3;

    private const int Rows = 5_000;

    /// <summary>Between two looks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    private readonly string _select = "SELECT DISTINCT r.session_key, r.origin FROM mqtt_received r WHERE NOT EXISTS "
        + $"(SELECT 1 FROM mqtt_session s WHERE s.session_key = r.origin) ORDER BY r.session_key, r.origin{dialect.Limit(Rows)}";

    private Dictionary<(long Session, long Origin), int> _seen = [];
    private long _last = time.GetTimestamp();

    /// <inheritdoc/>
    public bool Run(GroupTransaction transaction)
    {
        if (time.GetElapsedTime(_last) < Interval)
        {
            return false;
        }

        var gone = transaction.Apart(Find);
        var due = new List<Statement>();
        var seen = new Dictionary<(long, long), int>(gone.Count);
        foreach (var pair in gone)
        {
            var looks = _seen.GetValueOrDefault(pair) + 1;
            if (looks < Looks)
            {
                seen.Add(pair, looks);
                continue;
            }

            due.Add(new Statement(
                "DELETE FROM mqtt_received WHERE session_key = @session AND origin = @origin", ("@session", pair.Session), ("@origin", pair.Origin)));
        }

        if (due.Count > 0)
        {
            transaction.Run(commands => commands.Execute(due));
        }

        (_seen, _last) = (seen, time.GetTimestamp());
        return false;
    }

    private List<(long Session, long Origin)> Find(CommandCache commands)
    {
        var gone = new List<(long, long)>();
        using var reader = commands.Bind(new Statement(_select)).ExecuteReader();
        while (reader.Read())
        {
            gone.Add((reader.GetInt64(0), reader.GetInt64(1)));
        }

        return gone;
    }
}
