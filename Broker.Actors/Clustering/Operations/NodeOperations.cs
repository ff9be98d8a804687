using Akka.Actor;
using Akka.Cluster;

namespace Broker.Actors.Clustering.Operations;

/// <summary>This node's ear for the primary, and for operators elsewhere. It holds the last report alone: nothing queues up here.</summary>
/// <param name="view">What this node knows of the primary.</param>
/// <param name="report">How this node is now.</param>
/// <param name="leave">Makes this node drain and leave.</param>
internal sealed class NodeOperations(PrimaryView view, Func<NodeReport> report, Action leave) : UntypedActor
{
    private IActorRef _primary = ActorRefs.Nobody;

    /// <inheritdoc/>
    protected override void PreStart() =>
        Cluster.Get(Context.System).Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.MemberRemoved));

    /// <inheritdoc/>
    protected override void PostStop() => Cluster.Get(Context.System).Unsubscribe(Self);

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case PrimaryReport from when view.Apply(from):
                _primary = Sender;
                _primary.Tell(report());
                break;
            case ReportNow:
                _primary.Tell(report());
                break;
            case ClusterEvent.MemberRemoved removed:
                view.Forget(removed.Member.UniqueAddress);
                break;
            case LeaveRequest:
                leave();
                break;
        }
    }

    /// <summary>To this actor: the primary should know at once how this node is.</summary>
    internal sealed class ReportNow
    {
        public static ReportNow Instance { get; } = new();
    }
}
