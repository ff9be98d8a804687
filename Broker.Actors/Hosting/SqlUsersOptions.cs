namespace Broker.Actors.Hosting;

/// <summary><c>mqtt.security.sql</c>.</summary>
public sealed record SqlUsersOptions
{
    /// <summary>Answers the row of the user <c>@user</c>; needed where <c>sql</c> is a source.</summary>
    public string Query { get; init; } = "";

    /// <summary>Where it is asked.</summary>
    public SecurityDatabaseOptions Database { get; init; } = new();

    /// <summary>Passwords that are checked at the same time, each with 19 MiB and a core; 0: for every two cores one. 0 to 1,024.</summary>
    public int ConcurrentChecks { get; init; }

    /// <summary>1 or more.</summary>
    public int EffectiveConcurrentChecks => ConcurrentChecks > 0 ? ConcurrentChecks : Math.Max(1, Environment.ProcessorCount / 2);
}
