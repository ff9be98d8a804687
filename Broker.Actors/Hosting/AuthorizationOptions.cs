using Broker.Actors.Security;

namespace Broker.Actors.Hosting;

/// <summary><c>mqtt.security.authorization</c>.</summary>
public sealed record AuthorizationOptions
{
    /// <summary>In order, before those of the file and of the table; the first that speaks of a client and a topic decides.</summary>
    public IReadOnlyList<AccessRule> Rules { get; init; } = [];

    /// <summary>Where no rule does.</summary>
    public AccessDefault Default { get; init; } = AccessDefault.Auto;

    /// <summary>A file with a rule on each line; empty: none.</summary>
    public string AclFile { get; init; } = "";

    /// <summary>A query that answers a rule in each row; empty: none.</summary>
    public string AclQuery { get; init; } = "";

    /// <summary>Where the query is asked.</summary>
    public SecurityDatabaseOptions Database { get; init; } = new();

    /// <summary>How often the file and the table are looked at for a change. 100 ms to a day.</summary>
    public TimeSpan ReloadInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether a client is told that a rule refused it (0x87), or only that it was refused (0x80).</summary>
    public bool RevealReason { get; init; } = true;
}
