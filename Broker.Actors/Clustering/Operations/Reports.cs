using Akka.Cluster;
using Broker.Actors.Clustering.Wire;
using Broker.Actors.Draining;

namespace Broker.Actors.Clustering.Operations;

/// <summary>From the primary to every member, once a second and whenever it changes.</summary>
/// <param name="Primary">Who it is.</param>
/// <param name="Term">Of the two that may believe to be the primary for a moment, the one with the higher term is.</param>
/// <param name="Since">When it took the role over: milliseconds since 1970 UTC, by the database's clock.</param>
/// <param name="Turn">The one node that may drain now; null: nobody.</param>
/// <param name="Nodes">Members that have reported.</param>
/// <param name="Ready">Those of them that serve clients.</param>
/// <param name="Totals">The sum over those that have reported.</param>
internal sealed record PrimaryReport(UniqueAddress Primary, long Term, long Since, UniqueAddress? Turn, int Nodes, int Ready, NodeTotals Totals) : IWireMessage;

/// <summary>A member's answer to <see cref="PrimaryReport"/>, and whenever its <paramref name="Drain"/> changes.</summary>
/// <param name="Node">Who it is.</param>
/// <param name="Drain">Whether it waits for its turn, or drains.</param>
/// <param name="IsReady">What its <c>/ready</c> says.</param>
/// <param name="Totals">Its own.</param>
internal sealed record NodeReport(UniqueAddress Node, DrainState Drain, bool IsReady, NodeTotals Totals) : IWireMessage;

/// <summary>To a member: somebody wants it to drain and leave.</summary>
internal sealed record LeaveRequest : IWireMessage
{
    public static LeaveRequest Instance { get; } = new();
}
