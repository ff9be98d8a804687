using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using Akka.Remote;
using Broker.Actors.Storage;
using Microsoft.Extensions.Logging;

namespace Broker.Actors.Clustering.Membership;

/// <summary>
/// Finds members whose process is dead (<see cref="DeadProcessRule"/>) and has them removed at once, without waiting for the split brain resolver. It looks
/// at a node once its connection breaks or it becomes unreachable, until its port answers or it is removed.
/// </summary>
internal sealed class DeadProcessDetector : UntypedActor, IWithTimers
{
    /// <summary>Its name under <c>/user</c>.</summary>
    public const string Name = "dead-processes";

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromMilliseconds(500);

    private readonly ClusterMembers _members;
    private readonly INodeRegistry _registry;
    private readonly IActorRef _membership;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly Dictionary<UniqueAddress, DeadProcessRule> _suspects = [];

    /// <param name="members">Whom to look at.</param>
    /// <param name="registry">Says who renews.</param>
    /// <param name="membership">Told of each dead process, before it is removed.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">For people.</param>
    public DeadProcessDetector(ClusterMembers members, INodeRegistry registry, IActorRef membership, TimeProvider time, ILogger logger) =>
        (_members, _registry, _membership, _time, _logger) = (members, registry, membership, time, logger);

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override void PreStart()
    {
        _members.Subscribe(Self);
        _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.UnreachableMember));
        Context.System.EventStream.Subscribe(Self, typeof(DisassociatedEvent));
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _members.Unsubscribe(Self);
        _cluster.Unsubscribe(Self);
        Context.System.EventStream.Unsubscribe(Self);
    }

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case DisassociatedEvent broken:
                Suspect(_members.Others.FirstOrDefault(node => node.Address.Equals(broken.RemoteAddress)));
                break;
            case ClusterEvent.UnreachableMember unreachable:
                Suspect(unreachable.Member.UniqueAddress);
                break;
            case PortRefused told:
                Suspect(told.Node);
                _suspects.GetValueOrDefault(told.Node)?.Agree();
                break;
            case Probe probe when _suspects.ContainsKey(probe.Node):
                PortProbe.AskAsync(probe.Node.Address, ProbeTimeout).PipeTo(Self, success: answer => new Probed(probe.Node, answer == PortAnswer.Refused));
                break;
            case Probed probed:
                OnProbed(probed);
                break;
            case Renewed renewed:
                Judge(renewed.Node, renewed.Ago);
                break;
            case MemberGone gone:
                _suspects.Remove(gone.Node);
                break;
        }
    }

    private void Suspect(UniqueAddress? node)
    {
        if (node is not null && _members.Others.Contains(node) && _suspects.TryAdd(node, new DeadProcessRule(_time)))
        {
            Self.Tell(new Probe(node));
        }
    }

    private void OnProbed(Probed probed)
    {
        if (!_suspects.TryGetValue(probed.Node, out var rule))
        {
            return;
        }

        if (probed.IsRefused)
        {
            rule.Refused();
        }
        else if (_cluster.State.Unreachable.Any(member => member.UniqueAddress.Equals(probed.Node)))
        {
            rule.NotRefused();
        }
        else
        {
            _suspects.Remove(probed.Node);
            return;
        }

        if (rule.IsRefused)
        {
            TellOthers(probed.Node);
            AgeAsync(probed.Node).PipeTo(Self, success: ago => new Renewed(probed.Node, ago), failure: _ => new Renewed(probed.Node, null));
        }
        else
        {
            Again(probed.Node);
        }
    }

    private void TellOthers(UniqueAddress dead)
    {
        foreach (var node in _members.Others)
        {
            if (!node.Equals(dead))
            {
                node.On(Context.System, Name).Tell(new PortRefused(dead));
            }
        }
    }

    private void Judge(UniqueAddress node, TimeSpan? sinceRenewal)
    {
        if (!_suspects.TryGetValue(node, out var rule))
        {
            return;
        }

        if (rule.Judge(sinceRenewal) is not { } reason)
        {
            Again(node);
            return;
        }

        // Down only this process: another one may have its address by now.
        if (_cluster.State.Members.Any(member => member.UniqueAddress.Equals(node) && member.Status != MemberStatus.Down))
        {
            MembershipLog.Dead(_logger, $"{node.Address}", reason);
            _membership.Tell(new MembershipActor.ProcessDied(node));
            _cluster.Down(node.Address);

            // Terminated for good, so that its removal need not wait until heartbeats are missed.
            ((IRemoteActorRefProvider)((ExtendedActorSystem)Context.System).Provider).Quarantine(node.Address, node.Uid);
        }
    }

    private void Again(UniqueAddress node) => Timers.StartSingleTimer(node, new Probe(node), Interval);

    private async Task<TimeSpan?> AgeAsync(UniqueAddress node)
    {
        using var timeout = new CancellationTokenSource(ProbeTimeout);
        var rows = await _registry.ReadAsync(timeout.Token).ConfigureAwait(false);
        return rows.FirstOrDefault(row => row.Registration.Uid == node.Uid && row.Registration.Address == node.Address.ToString())?.Age;
    }

    private sealed record Probe(UniqueAddress Node);

    private sealed record Probed(UniqueAddress Node, bool IsRefused);

    private sealed record Renewed(UniqueAddress Node, TimeSpan? Ago);
}
