using Akka.Cluster;
using Broker.Actors.Clustering.Wire;

namespace Broker.Actors.Inspection;

/// <summary>What a list is of, where each node has a part of it. The values are those on the wire.</summary>
internal enum InspectionList : byte
{
    /// <summary><see cref="NodeRow"/>.</summary>
    Nodes = 0,

    /// <summary><see cref="ClientRow"/>.</summary>
    Clients = 1,

    /// <summary><see cref="SubscriptionRow"/>, of live sessions.</summary>
    LiveSubscriptions = 2,

    /// <summary><see cref="ListenerRow"/>.</summary>
    Listeners = 3,
}

/// <summary>What nodes ask each other for operators. Each is answered to its sender.</summary>
internal static class InspectionProtocol
{
    /// <summary>Your share of this page.</summary>
    internal sealed record Query(InspectionList List, PageRequest Page) : IWireMessage;

    /// <summary>It.</summary>
    /// <param name="Node">Who answers.</param>
    /// <param name="Rows">Each in JSON.</param>
    /// <param name="Total">See <see cref="PageShare{T}"/>.</param>
    /// <param name="HasMore">See <see cref="PageShare{T}"/>.</param>
    internal sealed record Answer(UniqueAddress Node, IReadOnlyList<byte[]> Rows, long Total, bool HasMore) : IWireMessage;

    /// <summary>End the connection of this client, if you have it.</summary>
    internal sealed record Kick(string ClientId) : IWireMessage;

    /// <summary>Change one of <c>mqtt.limits</c>.</summary>
    /// <param name="Name">Below <c>mqtt.limits</c>.</param>
    /// <param name="Value">As in a file of settings.</param>
    internal sealed record SetLimit(string Name, string Value) : IWireMessage;

    /// <summary>It holds, or not.</summary>
    /// <param name="Node">Who answers.</param>
    /// <param name="Problem">Why it does not; null: it does.</param>
    internal sealed record LimitSet(UniqueAddress Node, string? Problem) : IWireMessage;

    /// <summary>So many were told to go.</summary>
    internal sealed record Kicked(UniqueAddress Node, int Count) : IWireMessage;
}
