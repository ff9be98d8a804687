using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;

namespace Broker.Actors.Clustering.Membership;

/// <summary>
/// Ends moves of shards that wait for a node which is no more. Akka's worker for a move (<c>ShardCoordinator.RebalanceWorker</c>) takes the death of the region that has the shard for
/// one more agreement where it comes before the last of them, asks the dead region to let go, and waits: until <c>akka.cluster.sharding.handoff-timeout</c> nobody is told where the shard is.
/// That limit must be long, since it is also what the sessions of a shard get to write what they have to (decision 0009). So the workers of this node are told that their time is over, as the limit
/// would, when a member has been removed. A move between nodes that live ends as well then, its shard stays, and the next balance moves it.
/// </summary>
internal sealed class ShardMoves : UntypedActor, IWithTimers
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>Where the cluster could not watch the region for its coordinator, its death is noticed by heartbeats, seconds after the removal.</summary>
    private const int Looks = 5;

    private int _left;

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

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
            case ClusterEvent.MemberRemoved removed when removed.PreviousStatus == MemberStatus.Down:
                _left = Looks;
                Timers.StartPeriodicTimer(nameof(Look), Look.Instance, Interval);
                break;
            case Look when _left-- > 0:
                End();
                break;
            case Look:
                Timers.Cancel(nameof(Look));
                break;
        }
    }

    private static void End()
    {
        foreach (var region in ClusterSharding.Get(Context.System).ShardTypeNames)
        {
            // The coordinator has no children but these workers, and is on one node only.
            Context.ActorSelection($"/system/sharding/{region}Coordinator/singleton/coordinator/*").Tell(ReceiveTimeout.Instance, ActorRefs.NoSender);
        }
    }

    private sealed class Look
    {
        public static Look Instance { get; } = new();
    }
}
