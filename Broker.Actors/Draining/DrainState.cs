namespace Broker.Actors.Draining;

/// <summary>How far a node is with going away.</summary>
internal enum DrainState : byte
{
    /// <summary>It stays.</summary>
    None = 0,

    /// <summary>It serves, and goes once no other node does.</summary>
    Waiting = 1,

    /// <summary>It takes no new clients, and sends those that it has to others.</summary>
    Draining = 2,
}
