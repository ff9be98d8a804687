using Akka.Actor;
using Akka.Cluster;
using Broker.Actors.Hosting;
using Broker.Actors.Storage;
using Broker.Actors.Storage.Sql.Reading;
using Microsoft.Extensions.Logging;

namespace Broker.Actors.Clustering.Membership;

/// <summary>This node's part in the cluster, put together in one place. A node by itself has a cluster of one and neither renewals nor a guard that acts.</summary>
internal sealed class NodeMembership : IAsyncDisposable
{
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly Cluster _cluster;
    private readonly INodeRegistry _registry;
    private readonly ClusterOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly LostDatabaseRule? _lost;
    private readonly Renewals? _renewals;

    /// <param name="cluster">Has not joined yet.</param>
    /// <param name="registry">This node is registered there.</param>
    /// <param name="broker">All options.</param>
    /// <param name="end">Called, on any thread, perhaps more than once, when this node is no member any more, with the reason.</param>
    /// <param name="loggers">For people.</param>
    /// <param name="time">The clock.</param>
    public NodeMembership(Cluster cluster, INodeRegistry registry, BrokerOptions broker, Action<string> end, ILoggerFactory loggers, TimeProvider time)
    {
        (_cluster, _registry, _options, _time) = (cluster, registry, broker.Cluster, time);
        _logger = loggers.CreateLogger<NodeMembership>();
        Members = new ClusterMembers(cluster.SelfUniqueAddress);
        if (!_options.IsClustered)
        {
            return;
        }

        var lost = _lost = new LostDatabaseRule(broker.Storage.Patience, time);
        var solitude = Solitude = new Solitude(registry.Self.Key, cluster.SelfAddress, _options.SeedNodes);
        var guard = Guard = new NodeGuard(time);
        _renewals = new Renewals(registry, guard, time, _logger, () => end("its registration was revoked"));
        NodeSetup.Of(cluster.System).Registration = registry.Self;
        var membership = cluster.System.ActorOf(Props.Create(() => new MembershipActor(Members, registry, guard, lost, solitude, end, time, _logger)), MembershipActor.Name);
        cluster.System.ActorOf(
            Props.Create(() => new DeadProcessDetector(Members, registry, membership, time, _logger)), DeadProcessDetector.Name);
    }

    /// <summary>The other nodes.</summary>
    public ClusterMembers Members { get; }

    /// <summary>Whether clients may be served; null where there are no other nodes that could take them over.</summary>
    public NodeGuard? Guard { get; }

    /// <summary>Whether this node is alone and should not be; null where it is by itself.</summary>
    public Solitude? Solitude { get; }

    /// <summary>Whether clients are no better off elsewhere while this node has lost the database: there are other members, and none of them has it. Any thread.</summary>
    public bool HaveAllLostDatabase => _lost is { OthersHaveIt: false } && !Members.Others.IsEmpty;

    /// <summary>Returns when this node is a member, and whatever nodes that were removed before have served may be taken over.</summary>
    public async Task JoinAsync(CancellationToken cancellation)
    {
        if (!_options.IsClustered)
        {
            await RevokeOthersAsync(cancellation).ConfigureAwait(false);
            await _cluster.JoinAsync(_cluster.SelfAddress, cancellation).ConfigureAwait(false);
            return;
        }

        await new ClusterFormation(_cluster, _registry, _options, _time, _logger).JoinAsync(cancellation).ConfigureAwait(false);

        // This node has not seen who was removed before it came.
        while (await UnsettledAsync(cancellation).ConfigureAwait(false) is var left && left > TimeSpan.Zero)
        {
            MembershipLog.Unsettled(_logger, (long)left.TotalMilliseconds);
            await Task.Delay(left < Interval ? left : Interval, _time, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>This node serves nobody any more, and is none of the cluster's.</summary>
    public async Task LeaveAsync()
    {
        await ConfirmAsync().ConfigureAwait(false);

        // It may not have heard of its removal, and would ask the others for an orderly leave when its actor system ends.
        _cluster.Down(_cluster.SelfAddress);
    }

    /// <summary>Tells the others, as far as the database answers, that this node serves nobody and commits nothing.</summary>
    private async Task ConfirmAsync()
    {
        Guard?.Revoke();
        using var timeout = new CancellationTokenSource(Farewell);
        try
        {
            await _registry.ConfirmAsync(timeout.Token).ConfigureAwait(false);
        }
        catch (Exception problem) when (Storage.Sql.Reading.Guard.IsAway(problem) || problem is OperationCanceledException)
        {
            // They wait until the last renewal has run out.
            MembershipLog.NotRenewed(_logger, problem.Message);
        }
    }

    /// <summary>Behind the last write.</summary>
    public async ValueTask DisposeAsync()
    {
        _renewals?.Dispose();
        if (_options.IsClustered)
        {
            await ConfirmAsync().ConfigureAwait(false);
        }
    }

    private async Task<TimeSpan> UnsettledAsync(CancellationToken cancellation)
    {
        try
        {
            return await _registry.UnsettledAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception problem) when (Storage.Sql.Reading.Guard.IsAway(problem) && !cancellation.IsCancellationRequested)
        {
            MembershipLog.CannotLook(_logger, problem.Message);
            return Interval;
        }
    }

    /// <summary>
    /// A node without others is the only one there is: whoever is registered under another address has died, since such a node gets another port at each start.
    /// </summary>
    private async Task RevokeOthersAsync(CancellationToken cancellation)
    {
        foreach (var (node, _, _, _) in await _registry.ReadAsync(cancellation).ConfigureAwait(false))
        {
            if (node.Key != _registry.Self.Key)
            {
                await _registry.RevokeAsync(node.Address, node.Uid, isStopped: true, cancellation).ConfigureAwait(false);
            }
        }
    }
}
