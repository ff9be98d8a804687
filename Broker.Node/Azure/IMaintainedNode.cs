namespace Broker.Node.Azure;

/// <summary>What maintenance does to a node.</summary>
internal interface IMaintainedNode
{
    /// <summary>It drains in this time, leaves its cluster, and its process ends. Calls after the first only shorten the time.</summary>
    void LeaveWithin(TimeSpan available);

    /// <summary>It is not ready, for this reason, but goes on with the clients that it has; null: it is ready again.</summary>
    void TurnAway(string? reason);
}
