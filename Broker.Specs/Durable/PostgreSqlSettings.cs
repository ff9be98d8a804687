namespace Broker.Specs.Durable;

/// <summary>What makes a broker use PostgreSQL.</summary>
internal static class PostgreSqlSettings
{
    /// <summary>Settings of the broker.</summary>
    public static string[] On(string connectionString) =>
        ["mqtt.storage.provider=postgresql", $"mqtt.storage.connection-string=\"{connectionString}\""];
}
