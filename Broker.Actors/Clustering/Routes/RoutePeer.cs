using Akka.Actor;
using Broker.Actors.Clustering.Links;

namespace Broker.Actors.Clustering.Routes;

/// <summary>Another member, as the replicator knows it.</summary>
internal sealed class RoutePeer(RemoteNode node, IActorRef replicator, RouteStream stream)
{
    public RemoteNode Node { get; } = node;

    /// <summary>Its <see cref="RouteReplicator"/>.</summary>
    public IActorRef Replicator { get; } = replicator;

    /// <summary>This node's routes on their way to it.</summary>
    public RouteStream Stream { get; } = stream;

    /// <summary>Its routes here.</summary>
    public RouteReplica Replica { get; } = new(node);

    /// <summary>Its stream that is being read; 0: none has come.</summary>
    public long Incoming { get; set; }

    public ReceiveWindow Window { get; set; } = new();

    /// <summary>What it told since a gap may be missing among the durable routes: it gets no answer before the table has been read again.</summary>
    public bool WaitsForTable { get; set; }
}
