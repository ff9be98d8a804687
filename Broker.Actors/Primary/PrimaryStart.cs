using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Tools.Singleton;
using Broker.Actors.Clustering;
using Broker.Actors.Clustering.Membership;
using Broker.Actors.Storage.Sql;
using Microsoft.Extensions.Logging;

namespace Broker.Actors.Primary;

/// <summary>Starts this node's part in the primary role.</summary>
internal static class PrimaryStart
{
    /// <summary>The primary runs on the oldest member; every node is ready to be it.</summary>
    public static void Run(ActorSystem system, SqlStore store, IActorRef sessions, ClusterMembers members, ILoggerFactory loggers)
    {
        var cluster = Cluster.Get(system);
        var services = new PrimaryServices
        {
            Connections = store.Connections,
            Terms = store.Terms,
            Sessions = sessions,
            Members = members,
            Nodes = () => [.. cluster.State.Members.Select(static member => member.UniqueAddress)],
            Tell = (node, report, self) => node.On(system, NodeActors.Operations).Tell(report, self),
            Logger = loggers.CreateLogger<HaPrimary>(),
        };
        system.ActorOf(
            ClusterSingletonManager.Props(
                Props.Create(() => new HaPrimary(services)),
                PoisonPill.Instance,
                ClusterSingletonManagerSettings.Create(system).WithSingletonName("ha-primary")),
            "primary");
    }
}
