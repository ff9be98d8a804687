namespace Broker.Actors.Clustering.Membership;

/// <summary>
/// When a node that does not answer is known to be dead: its port refuses connections three times in a row, and a second member finds the same or its
/// renewals have stopped. A port also refuses behind a firewall, and renewals also stop while the database is away: neither is enough by itself, and a
/// process that stands still refuses nothing.
/// </summary>
internal sealed class DeadProcessRule(TimeProvider time)
{
    /// <summary>In a row.</summary>
    public const int Refusals = 3;

    /// <summary>How long another member's finding counts.</summary>
    private static readonly TimeSpan Agreement = TimeSpan.FromSeconds(5);

    /// <summary>Two renewals have not come.</summary>
    private static readonly TimeSpan Silence = (Renewals.Interval * 2) + TimeSpan.FromMilliseconds(250);

    private int _refused;
    private long? _agreedAt;

    /// <summary>Whether this node has found the port refusing often enough.</summary>
    public bool IsRefused => _refused >= Refusals;

    /// <summary>Somebody listens, or nothing is known: a timeout is no refusal.</summary>
    public void NotRefused() => _refused = 0;

    /// <summary>The port refused a connection.</summary>
    public void Refused() => _refused++;

    /// <summary>Another member says that it refuses.</summary>
    public void Agree() => _agreedAt = time.GetTimestamp();

    /// <summary>Why the process is dead, or null.</summary>
    /// <param name="sinceRenewal">Age of its last renewal by the database's clock; null: the database does not say.</param>
    public string? Judge(TimeSpan? sinceRenewal) =>
        !IsRefused ? null
        : _agreedAt is { } agreed && time.GetElapsedTime(agreed) < Agreement ? "its port refuses connections, and another member says so too"
        : sinceRenewal > Silence ? $"its port refuses connections, and it has not renewed its registration for {sinceRenewal.Value.TotalSeconds:0.0} s"
        : null;
}
