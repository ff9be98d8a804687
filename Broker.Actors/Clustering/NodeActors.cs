using Akka.Actor;
using Akka.Cluster;

namespace Broker.Actors.Clustering;

/// <summary>The actors that each node has under <c>/user</c>, by which the others reach it.</summary>
internal static class NodeActors
{
    /// <summary><see cref="Connections.ConnectionRegistry"/>.</summary>
    public const string Connections = "connections";

    /// <summary>Takes what the links of other nodes bring.</summary>
    public const string Link = "link";

    /// <summary>This node's routes, and its copy of the others'.</summary>
    public const string Routes = "routes";

    /// <summary>Answers which client ids this node serves.</summary>
    public const string Guards = "guards";

    /// <summary>Takes the change stream of retained messages.</summary>
    public const string RetainedCopy = "retained-copy";

    /// <summary><see cref="Operations.NodeOperations"/>: hears what the primary says, and tells it how this node is.</summary>
    public const string Operations = "operations";

    /// <summary>Tells operators what this node has.</summary>
    public const string Inspection = "inspection";

    /// <summary><see cref="Tracing.TraceActor"/>: gives what this node traces to those who were asked for it.</summary>
    public const string Tracing = "tracing";

    /// <summary>Such an actor of another node.</summary>
    public static ActorSelection On(this UniqueAddress node, ActorSystem system, string name) =>
        system.ActorSelection(new RootActorPath(node.Address) / "user" / name);
}
