using Akka.Actor;
using Akka.Cluster.Tools.Singleton;
using Broker.Actors.Storage.Sql;
using Microsoft.Extensions.Logging;

namespace Broker.Actors.Primary;

/// <summary>Starts this node's part in the primary role.</summary>
internal static class PrimaryStart
{
    /// <summary>
    /// Connections of nodes that are gone count as closed from now on, so that their wills and expiries run; then the primary, here or elsewhere, finds what is due.
    /// </summary>
    public static async Task RunAsync(
        ActorSystem system, SqlStore store, IActorRef sessions, ILoggerFactory loggers, CancellationToken cancellation)
    {
        var logger = loggers.CreateLogger<HaPrimary>();
        var stamped = await store.Connections.StampDisconnectedAsync(nodeKey: null, cancellation).ConfigureAwait(false);
        if (stamped > 0)
        {
            PrimaryLog.Stamped(logger, stamped);
        }

        system.ActorOf(
            ClusterSingletonManager.Props(
                Props.Create(() => new HaPrimary(store.Connections, sessions, logger)),
                PoisonPill.Instance,
                ClusterSingletonManagerSettings.Create(system).WithSingletonName("ha-primary")),
            "primary");
    }
}
