namespace Broker.Actors.Hosting;

/// <summary>The database of users or of rules: that of sessions, or another. It is only read.</summary>
public sealed record SecurityDatabaseOptions
{
    /// <summary>Which.</summary>
    public SecurityDatabaseProvider Provider { get; init; } = SecurityDatabaseProvider.Same;

    /// <summary>In the provider's own form; empty where it is the same.</summary>
    public string ConnectionString { get; init; } = "";

    /// <summary>How long an answer may take, the connection included. 100 ms to a minute.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);
}
