using Akka.Actor;
using Akka.Cluster;

namespace Broker.Actors.Clustering.Membership;

/// <summary>Runs the resolver, and another one in its place where its decision is out of date.</summary>
internal sealed class DowningActor(Props resolver, DecisionWait decisions) : UntypedActor
{
    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private IActorRef _resolver = ActorRefs.Nobody;

    /// <inheritdoc/>
    protected override void PreStart()
    {
        _resolver = Context.ActorOf(resolver);
        _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IReachabilityEvent));
    }

    /// <inheritdoc/>
    protected override void PostStop() => _cluster.Unsubscribe(Self);

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        if (message is ClusterEvent.IReachabilityEvent && decisions.IsWaiting)
        {
            decisions.GiveUp();
            Context.Stop(_resolver);
            _resolver = Context.ActorOf(resolver);
        }
    }
}
