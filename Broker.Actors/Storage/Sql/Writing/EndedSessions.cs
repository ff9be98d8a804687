using System.Globalization;
using Broker.Actors.Storage.Sql.Dialects;

namespace Broker.Actors.Storage.Sql.Writing;

/// <summary>Removes the queues of sessions that have ended, a bounded number of rows at a time.</summary>
internal sealed class EndedSessions(SqlDialect dialect) : IMaintenanceTask
{
    private const int Sessions = 200;
    private const int Rows = 2_000;

    private bool _isExpected = true;

    /// <summary>A session has ended.</summary>
    public void Expect() => _isExpected = true;

    /// <inheritdoc/>
    public bool Run(GroupTransaction transaction)
    {
        if (!_isExpected)
        {
            return false;
        }

        _isExpected = false;
        transaction.Run(commands => _isExpected = Remove(commands));
        return _isExpected;
    }

    private bool Remove(CommandCache commands)
    {
        var ended = new List<long>();
        using (var reader = commands.Bind(new Statement("SELECT session_key FROM mqtt_ended ORDER BY session_key" + dialect.Limit(Sessions))).ExecuteReader())
        {
            while (reader.Read())
            {
                ended.Add(reader.GetInt64(0));
            }
        }

        var removed = 0;
        foreach (var session in ended)
        {
            removed += RemoveSome(commands, session, Rows - removed, out var isEmpty);
            if (!isEmpty)
            {
                return true;
            }
        }

        return ended.Count == Sessions;
    }

    private int RemoveSome(CommandCache commands, long session, int most, out bool isEmpty)
    {
        var last = commands.Scalar(new Statement(
            $"SELECT MAX(position) FROM (SELECT position FROM mqtt_queue WHERE session_key = @session ORDER BY position{dialect.Limit(Math.Max(most, 1))}) q",
            ("@session", session)));
        if (last is not null)
        {
            isEmpty = false;
            return commands.Execute(new Statement(
                "DELETE FROM mqtt_queue WHERE session_key = @session AND position <= @position",
                ("@session", session),
                ("@position", Convert.ToInt64(last, CultureInfo.InvariantCulture))));
        }

        isEmpty = true;
        commands.Execute(new Statement("DELETE FROM mqtt_received WHERE session_key = @session", ("@session", session)));
        commands.Execute(new Statement("DELETE FROM mqtt_ended WHERE session_key = @session", ("@session", session)));
        return 0;
    }
}
