namespace Broker.Actors.Hosting;

/// <summary><c>mqtt.security</c>.</summary>
public sealed record SecurityOptions
{
    /// <summary>Whether a client needs no user name.</summary>
    public bool AllowAnonymous { get; init; } = true;

    /// <summary>What clients may do.</summary>
    public AuthorizationOptions Authorization { get; init; } = new();
}
