using Broker.Actors.Security;

namespace Broker.Actors.Hosting;

/// <summary><c>mqtt.security.authorization</c>.</summary>
public sealed record AuthorizationOptions
{
    /// <summary>In order; the first that speaks of a topic decides, and where none does, everything is allowed.</summary>
    public IReadOnlyList<AccessRule> Rules { get; init; } = [];

    /// <summary>Whether a client is told that a rule refused it (0x87), or only that it was refused (0x80).</summary>
    public bool RevealReason { get; init; } = true;
}
