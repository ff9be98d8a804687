using Akka.Actor;
using Akka.Cluster;
using Broker.Actors.Storage;
using Broker.Actors.Storage.Sql.Writing;
using Microsoft.Extensions.Logging;

namespace Broker.Actors.Clustering.Membership;

/// <summary>
/// Turns the cluster's events into <see cref="ClusterMembers"/>. A node that was removed is revoked in the registry by everyone who notices, and settled once
/// it cannot be serving any more: it has confirmed, its renewal has run out, or its process is dead.
/// </summary>
internal sealed class MembershipActor : UntypedActor, IWithTimers
{
    /// <summary>Its name under <c>/user</c>.</summary>
    public const string Name = "membership";

    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(5);

    private readonly ClusterMembers _members;
    private readonly INodeRegistry _registry;
    private readonly NodeGuard _guard;
    private readonly LostDatabaseRule _lost;
    private readonly Solitude _solitude;
    private readonly Action<string> _end;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly Dictionary<UniqueAddress, Departure> _departures = [];
    private readonly HashSet<UniqueAddress> _dead = [];
    private readonly HashSet<UniqueAddress> _unreachable = [];

    /// <param name="members">Told of every change.</param>
    /// <param name="registry">Where removed nodes are revoked.</param>
    /// <param name="guard">Told whether every member is reached.</param>
    /// <param name="lost">Whether this node alone has lost the database.</param>
    /// <param name="solitude">Whether it is alone and should not be.</param>
    /// <param name="end">Called, on any thread, when this node is no member any more, with the reason.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">For people.</param>
    public MembershipActor(
        ClusterMembers members,
        INodeRegistry registry,
        NodeGuard guard,
        LostDatabaseRule lost,
        Solitude solitude,
        Action<string> end,
        TimeProvider time,
        ILogger logger)
    {
        (_members, _registry, _guard, _lost, _solitude) = (members, registry, guard, lost, solitude);
        (_end, _time, _logger) = (end, time, logger);
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override void PreStart()
    {
        _cluster.Subscribe(
            Self,
            ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents,
            typeof(ClusterEvent.IMemberEvent),
            typeof(ClusterEvent.IReachabilityEvent),
            typeof(ClusterEvent.ClusterShuttingDown));
        Timers.StartPeriodicTimer(nameof(TellAge), TellAge.Instance, Renewals.Interval);
        Timers.StartPeriodicTimer(nameof(LookAround), LookAround.Instance, LookInterval);
    }

    /// <inheritdoc/>
    protected override void PostStop() => _cluster.Unsubscribe(Self);

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ClusterEvent.ClusterShuttingDown:
                // Akka goes on to say that every member is removed: this one is going, and decides about nobody any more.
                Context.Stop(Self);
                break;
            case ClusterEvent.MemberRemoved removed:
                OnRemoved(removed.Member.UniqueAddress, removed.PreviousStatus);
                break;
            case ClusterEvent.MemberDowned downed when downed.Member.UniqueAddress.Equals(_members.Self):
                _end("the other nodes have taken this one for dead, or it has lost the decision about a split");
                break;
            case ClusterEvent.IMemberEvent change:
                Add(change.Member.UniqueAddress);
                break;
            case ClusterEvent.UnreachableMember unreachable:
                _unreachable.Add(unreachable.Member.UniqueAddress);
                _guard.Reaches(all: false);
                break;
            case ClusterEvent.ReachableMember reachable:
                Reached(reachable.Member.UniqueAddress);
                break;
            case ProcessDied died:
                _dead.Add(died.Node);
                break;
            case RenewalAge told:
                _lost.Hear(TimeSpan.FromMilliseconds(told.Milliseconds));
                break;
            case TellAge:
                OnTellAge();
                break;
            case LookAround when _cluster.SelfMember.Status == MemberStatus.Up:
                _registry.ReadAsync(CancellationToken.None).PipeTo(Self, success: nodes => new Around(nodes), failure: _ => new Around([]));
                break;
            case Around around:
                OnAround(around.Nodes);
                break;
            case Revoke revoke:
                RevokeNow(revoke.Node);
                break;
            case Revoked revoked:
                OnRevoked(revoked);
                break;
            case NotRevoked failed:
                OnNotRevoked(failed);
                break;
        }
    }

    private void OnTellAge()
    {
        var age = _guard.SinceRenewal;
        if (_lost.IsLost(age))
        {
            _end($"it alone has lost the database, for {age.TotalSeconds:0} s: the others have it and take over");
            return;
        }

        foreach (var node in _members.Others)
        {
            node.On(Context.System, Name).Tell(new RenewalAge((long)age.TotalMilliseconds));
        }
    }

    private void OnAround(IReadOnlyList<RegisteredNode> nodes)
    {
        var before = _solitude.Reason;
        _solitude.Look(_members.Others.IsEmpty, nodes);
        if (_solitude.Reason.Length > 0 && before.Length == 0)
        {
            MembershipLog.Alone(_logger, _solitude.Reason);
        }
    }

    private void Add(UniqueAddress node)
    {
        if (!node.Equals(_members.Self) && !_members.Others.Contains(node) && !_departures.ContainsKey(node))
        {
            MembershipLog.Joined(_logger, $"{node.Address}");
            _members.Add(node);
        }
    }

    private void Reached(UniqueAddress node)
    {
        _unreachable.Remove(node);
        if (_unreachable.Count == 0)
        {
            _guard.Reaches(all: true);
        }
    }

    private void OnRemoved(UniqueAddress node, MemberStatus previous)
    {
        if (node.Equals(_members.Self))
        {
            _end(previous == MemberStatus.Exiting ? "it has left the cluster" : "it was removed from the cluster");
            return;
        }

        Reached(node);
        if (previous is not (MemberStatus.Down or MemberStatus.Exiting))
        {
            return;
        }

        MembershipLog.Removed(_logger, $"{node.Address}", $"{previous}");
        _departures[node] = new Departure(_time.GetTimestamp(), HasLeft: previous == MemberStatus.Exiting);
        _members.Remove(node);
        RevokeNow(node);
    }

    private void RevokeNow(UniqueAddress node)
    {
        if (_departures.TryGetValue(node, out var departure))
        {
            // Who leaves in order has moved its clients away and handed its shards over before.
            _registry.RevokeAsync(node.Address.ToString(), node.Uid, departure.HasLeft || _dead.Contains(node), CancellationToken.None)
                .PipeTo(Self, success: left => new Revoked(node, left), failure: problem => new NotRevoked(node, problem));
        }
    }

    private void OnRevoked(Revoked revoked)
    {
        var node = revoked.Node;
        if (revoked.Left > TimeSpan.Zero)
        {
            // It may confirm before, and its process may be found dead.
            Timers.StartSingleTimer(node, new Revoke(node), revoked.Left < Again ? revoked.Left : Again);
        }
        else if (_departures.Remove(node, out var departure))
        {
            _dead.Remove(node);
            MembershipLog.Settled(_logger, $"{node.Address}", (long)_time.GetElapsedTime(departure.Since).TotalMilliseconds);
            _members.Settle(node);
        }
    }

    private void OnNotRevoked(NotRevoked failed)
    {
        if (failed.Problem.GetBaseException() is RevokedException)
        {
            _end("its registration was revoked");
            return;
        }

        if (_departures.TryGetValue(failed.Node, out var departure) && !departure.HasFailed)
        {
            _departures[failed.Node] = departure with { HasFailed = true };
            MembershipLog.CannotRevoke(_logger, $"{failed.Node.Address}", failed.Problem.GetBaseException().Message);
        }

        Timers.StartSingleTimer(failed.Node, new Revoke(failed.Node), Again);
    }

    /// <summary>The node's process is known to be dead: it need not run out of time.</summary>
    internal sealed record ProcessDied(UniqueAddress Node);

    private sealed class TellAge
    {
        public static TellAge Instance { get; } = new();
    }

    private sealed class LookAround
    {
        public static LookAround Instance { get; } = new();
    }

    private sealed record Around(IReadOnlyList<RegisteredNode> Nodes);

    private sealed record Revoke(UniqueAddress Node);

    private sealed record Revoked(UniqueAddress Node, TimeSpan Left);

    private sealed record NotRevoked(UniqueAddress Node, Exception Problem);

    private sealed record Departure(long Since, bool HasLeft, bool HasFailed = false);
}
