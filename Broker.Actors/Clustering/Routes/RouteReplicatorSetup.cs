using Akka.Actor;
using Akka.Cluster;
using Broker.Actors.Clustering.Links;
using Broker.Actors.Clustering.Membership;
using Broker.Actors.Retained;
using Broker.Actors.Routing;

namespace Broker.Actors.Clustering.Routes;

/// <summary>What the replicator works with.</summary>
internal sealed class RouteReplicatorSetup
{
    public required ClusterMembers Members { get; init; }

    public required RouteTable Routes { get; init; }

    public required RetainedGateway Retained { get; init; }

    /// <summary>Starts the <see cref="NodeLink"/> to a member, as a child of the replicator.</summary>
    public required Func<IActorRefFactory, RemoteNode, IActorRef> StartLink { get; init; }

    /// <summary>The replicator of a member.</summary>
    public required Func<UniqueAddress, IActorRef> ReplicatorOf { get; init; }

    /// <summary>By uid; empty at first, outlives a restart of the actor.</summary>
    public Dictionary<int, RoutePeer> Peers { get; } = [];

    /// <summary>Members that there have been; the next one's <see cref="RemoteNode.Index"/>.</summary>
    public int NodesSeen { get; set; }

    /// <summary>Reads the table of durable routes into <see cref="Routes"/>.</summary>
    public required Func<Task> ReadTable { get; init; }
}
