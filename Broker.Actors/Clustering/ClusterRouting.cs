using Akka.Actor;
using Akka.Cluster;
using Broker.Actors.Clustering.Links;
using Broker.Actors.Clustering.Membership;
using Broker.Actors.Clustering.Routes;
using Broker.Actors.Connections;
using Broker.Actors.Retained;
using Broker.Actors.Routing;
using Broker.Actors.Security;
using Broker.Actors.Storage;

namespace Broker.Actors.Clustering;

/// <summary>Starts what makes the routes of all nodes one: the replicator, a link to each member, and the receiver of theirs.</summary>
internal static class ClusterRouting
{
    /// <summary>The <see cref="RouteReplicator"/>.</summary>
    public static IActorRef Start(
        ActorSystem system,
        ClusterMembers members,
        IStoreReader reader,
        RouteTable routes,
        RetainedGateway retained,
        MessageRouter router,
        AccessControl access,
        EventLoops loops,
        ConnectionDirectory directory) =>
        Start(system, members, () => routes.LoadAsync(reader.ReadRoutesAsync(CancellationToken.None)), routes, retained, router, access, loops, directory);

    /// <summary>As above, with another table of durable routes.</summary>
    public static IActorRef Start(
        ActorSystem system,
        ClusterMembers members,
        Func<Task> readTable,
        RouteTable routes,
        RetainedGateway retained,
        MessageRouter router,
        AccessControl access,
        EventLoops loops,
        ConnectionDirectory directory)
    {
        var dispatcher = new LinkDispatcher(routes, retained, access, loops, directory);
        var inboxes = new Dictionary<int, LinkInbox>();
        system.ActorOf(Props.Create(() => new LinkReceiver(members, dispatcher, inboxes)), NodeActors.Link);
        var setup = new RouteReplicatorSetup
        {
            Members = members,
            Routes = routes,
            Retained = retained,
            StartLink = (parent, node) => StartLink(parent, system, members.Self.Uid, node, router),
            ReplicatorOf = node => Resolve(system, node, NodeActors.Routes),
            ReadTable = readTable,
        };
        return system.ActorOf(Props.Create(() => new RouteReplicator(setup)), NodeActors.Routes);
    }

    private static IActorRef StartLink(IActorRefFactory parent, ActorSystem system, int self, RemoteNode node, MessageRouter router)
    {
        var sender = new LinkSender(node);
        var receiver = Resolve(system, node.Address, NodeActors.Link);
        Action<SharedPick> pickAgain = pick => pick.Loop.Executor.Execute(() => router.PickAgain(pick));
        return parent.ActorOf(Props.Create(() => new NodeLink(self, node, sender, receiver, pickAgain)), $"link-{node.Index}");
    }

    /// <summary>Without the detour that each message to an <see cref="ActorSelection"/> takes.</summary>
    private static IActorRef Resolve(ActorSystem system, UniqueAddress node, string name) =>
        ((ExtendedActorSystem)system).Provider.ResolveActorRef(new RootActorPath(node.Address) / "user" / name);
}
