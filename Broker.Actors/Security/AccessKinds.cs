namespace Broker.Actors.Security;

/// <summary>What a rule speaks of.</summary>
[Flags]
public enum AccessKinds
{
    /// <summary>PUBLISH, and a will.</summary>
    Publish = 1,

    /// <summary>SUBSCRIBE, and the delivery of messages.</summary>
    Subscribe = 2,

    /// <summary>Either.</summary>
    All = Publish | Subscribe,
}
