using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.SBR;

namespace Broker.Actors.Clustering.Membership;

/// <summary>
/// Akka's split brain resolver, with whatever strategy is configured, started anew when it waits for its lease and the cluster looks different from what it
/// made its decision on: a link that healed while the database was away costs nobody its membership.
/// </summary>
internal sealed class SqlDowning : IDowningProvider
{
    private readonly ActorSystem _system;
    private readonly SplitBrainResolverProvider _resolver;

    /// <summary>Called by Akka.</summary>
    public SqlDowning(ActorSystem system, Cluster cluster) => (_system, _resolver) = (system, new SplitBrainResolverProvider(system, cluster));

    /// <inheritdoc/>
    public TimeSpan DownRemovalMargin => _resolver.DownRemovalMargin;

    /// <inheritdoc/>
    public Props DowningActorProps
    {
        get
        {
            var resolver = _resolver.DowningActorProps;
            var decisions = NodeSetup.Of(_system).Decisions;
            return Props.Create(() => new DowningActor(resolver, decisions));
        }
    }
}
