using Broker.Actors.Storage.Sql.Dialects;

namespace Broker.Actors.Storage.Sql;

/// <summary>What is said about connections in more than one statement.</summary>
internal static class ConnectionSql
{
    /// <summary>
    /// When something is due that hangs on a connection closed now: the will after its delay, and at the latest with the session's end [MQTT-3.1.3-9]; a
    /// session that lasts for ever has none.
    /// </summary>
    public static string DueAt(SqlDialect dialect, string expiry, string willDelay) =>
        $"CASE WHEN ({willDelay}) IS NOT NULL AND ({willDelay}) < {expiry} THEN {dialect.Now} + 1000 * ({willDelay}) "
        + $"WHEN {expiry} < 4294967295 THEN {dialect.Now} + 1000 * {expiry} ELSE NULL END";
}
