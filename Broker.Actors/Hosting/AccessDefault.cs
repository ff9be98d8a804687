namespace Broker.Actors.Hosting;

/// <summary>What holds for a topic that no rule speaks of, <c>mqtt.security.authorization.default</c>.</summary>
public enum AccessDefault
{
    /// <summary>Deny where <c>mqtt.security.authentication</c> names somebody who knows clients, allow where it does not.</summary>
    Auto,

    /// <summary>It is allowed.</summary>
    Allow,

    /// <summary>It is denied.</summary>
    Deny,
}
