using Akka.Actor;
using Akka.Cluster;
using Broker.Actors.Clustering.Membership;
using Broker.Actors.Clustering.Operations;
using Broker.Actors.Storage;
using Microsoft.Extensions.Logging;

namespace Broker.Actors.Primary;

/// <summary>What the primary works with.</summary>
internal sealed class PrimaryServices
{
    /// <summary>Where due sessions are found.</summary>
    public required IConnectionStore Connections { get; init; }

    /// <summary>Where its term comes from.</summary>
    public required IPrimaryTerms Terms { get; init; }

    /// <summary>The shard region.</summary>
    public required IActorRef Sessions { get; init; }

    /// <summary>Which nodes are gone for good.</summary>
    public required ClusterMembers Members { get; init; }

    /// <summary>All members, this node too.</summary>
    public required Func<IReadOnlyCollection<UniqueAddress>> Nodes { get; init; }

    /// <summary>Sends a report to a node, in the name of the actor.</summary>
    public required Action<UniqueAddress, PrimaryReport, IActorRef> Tell { get; init; }

    /// <summary>For a database that does not answer.</summary>
    public required ILogger Logger { get; init; }
}
