using Akka.Actor;
using Broker.Actors.Clustering.Membership;
using Broker.Actors.Clustering.Operations;
using Broker.Actors.Connections;
using Broker.Actors.Inspection;
using Broker.Actors.Metrics;
using Broker.Actors.Security;
using Broker.Actors.Security.Sources;
using Broker.Actors.Storage.Sql;
using Broker.Protocol.Transport;
using Microsoft.Extensions.Logging;

namespace Broker.Actors.Hosting;

/// <summary>The running broker of this process, for the management endpoints and the start-up lines.</summary>
public sealed class BrokerNode : IAsyncDisposable
{
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly BrokerOptions _options;
    private readonly ILoggerFactory _loggers;
    private readonly TimeProvider _time;
    private readonly Action _stop;
    private readonly ConnectionFactory _connections = new();
    private volatile Readiness _readiness = new(false, "starting");
    private readonly JournalRows _journal;
    private readonly NodeMeter _meter = new();
    private readonly CurrentLimits _limits;
    private NodeAuthentication? _authentication;
    private NodeAuthorization? _authorization;
    private MqttTransport? _transport;
    private SqlStore? _store;
    private NodeParts? _parts;
    private NodeTimers? _timers;
    private NodeMembership? _membership;
    private volatile string? _turningAway;
    private int _isLeaving;
    private int _hasEnded;
    private int _isStopping;

    /// <param name="options">As configured.</param>
    /// <param name="loggers">For its own lines.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stop">Stops the process cleanly: the node was told to leave the cluster.</param>
    internal BrokerNode(BrokerOptions options, ILoggerFactory loggers, TimeProvider time, Action stop)
    {
        _options = options;
        _limits = new CurrentLimits(options.Limits);
        _loggers = loggers;
        _time = time;
        _journal = new JournalRows(options);
        _stop = stop;
    }

    /// <summary>The listeners that are open; empty before the node has started.</summary>
    public IReadOnlyList<BoundListener> Listeners { get; private set; } = [];

    /// <summary>The address of the actor system, as other nodes know it; null before the node has started.</summary>
    public Address? Address { get; private set; }

    /// <summary>What <c>/ready</c> answers. Any thread.</summary>
    public Readiness Readiness
    {
        get
        {
            var readiness = _readiness;
            if (readiness.IsReady && _membership is { Guard.Problem: { Length: > 0 } held })
            {
                return new Readiness(false, held);
            }

            if (readiness.IsReady && _turningAway is { } turningAway)
            {
                return new Readiness(false, turningAway);
            }

            if (readiness.IsReady && _membership is { Solitude.Reason: { Length: > 0 } alone })
            {
                // It serves whoever comes, but the others' clients are out of its reach.
                readiness = new Readiness(true, "ready, but alone: " + alone);
            }

            if (readiness.IsReady && _parts is { Sessions: { IsStoreUp: false } sessions })
            {
                // Where no node has the database, a load balancer that takes them all out would end what goes on without it too.
                return _membership is { HaveAllLostDatabase: true }
                    ? new Readiness(true, "degraded: " + sessions.StoreProblem)
                    : new Readiness(false, sessions.StoreProblem);
            }

            if (readiness.IsReady && _parts is { Context.Disk: { IsLow: true } disk })
            {
                // Clients are welcome: those that fetch what is queued for them make room (decision 0021).
                return new Readiness(true, "degraded: " + disk.Problem);
            }

            return readiness;
        }
    }

    /// <summary>The cluster as this node sees it; null before the node has started.</summary>
    public ClusterOperations? Cluster { get; private set; }

    /// <summary>Clients, sessions and messages of the cluster; null before the node has started.</summary>
    public NodeInspection? Inspection { get; private set; }

    /// <summary>
    /// Changes one of <c>mqtt.limits</c> by its name, for an operator on this node or on another; answers what is wrong, or null. Set by whoever knows the settings.
    /// </summary>
    public Func<string, string, string?> SetLimit { get; set; } = static (_, _) => "this node's limits cannot be changed";

    /// <summary>Whether it was told to leave, by an operator here or on another node. Any thread.</summary>
    public bool IsLeaving => Volatile.Read(ref _isLeaving) != 0;

    /// <summary>Completes when the node serves clients; fails when it cannot start.</summary>
    public Task Started => _started.Task;

    /// <summary>Completes, with the reason, when the other nodes go on without this one: whoever runs it ends the actor system and starts another.</summary>
    public Task<string> Ended => _ended.Task;

    /// <summary>From the moment that this node serves nobody any more, before <see cref="Ended"/>.</summary>
    public bool HasEnded => Volatile.Read(ref _hasEnded) != 0;

    /// <summary>
    /// The machine goes in this time: the node drains as fast as that needs, waiting for no other one, leaves its cluster, and the process ends as an operator's
    /// signal does. Any thread.
    /// </summary>
    public void LeaveWithin(TimeSpan available)
    {
        _parts?.Drain.Hasten(available);
        Leave();
    }

    /// <summary>From now on these limits hold, as far as they are not of the listeners or told to clients that are connected. Any thread.</summary>
    public void Apply(LimitsOptions limits) => _limits.Replace(limits);

    /// <summary>Not ready, for this reason, while clients that are here go on; null: no more. Any thread.</summary>
    public void TurnAway(string? reason) => _turningAway = reason;

    internal async Task StartAsync(ActorSystem system, CancellationToken cancellation)
    {
        try
        {
            _authentication = NodeAuthentication.Open(_options, _loggers, _time);

            // Bound first: an address in use is told at once, before a cluster is formed.
            _transport = await MqttTransport.BindAsync(
                _options.Listeners, _options.Transport, _connections, _loggers, _time, cancellation).ConfigureAwait(false);
            var cluster = Akka.Cluster.Cluster.Get(system);
            Address = cluster.SelfAddress;
            _readiness = new Readiness(false, "opening the database");
            _store = await SqlStore.OpenAsync(
                _options, Address.ToString(), cluster.SelfUniqueAddress.Uid, _loggers, _time, cancellation).ConfigureAwait(false);
            _authorization = await NodeAuthorization.OpenAsync(_options, _loggers, _time, cancellation).ConfigureAwait(false);
            _meter.Measure(_store);
            _membership = new NodeMembership(cluster, _store.Registry, _options, End, _loggers, _time);
            cluster.RegisterOnMemberRemoved(() => End("it is no member of the cluster any more"));
            _readiness = new Readiness(false, "joining the cluster");
            await _membership.JoinAsync(cancellation).ConfigureAwait(false);
            _readiness = new Readiness(false, "loading sessions");
            _parts = await NodeParts.StartAsync(
                system,
                _store,
                _journal,
                _membership,
                _options,
                _limits,
                _authentication,
                _authorization.Access,
                _transport.EventLoops,
                new NodeControl(() => Readiness.IsReady, Leave),
                _loggers,
                _time,
                cancellation).ConfigureAwait(false);
            Cluster = new ClusterOperations(system, _parts.Primary);
            Inspection = NodeInspection.Start(system, _parts, _store.Reader, () => Readiness, () => Listeners, (name, value) => SetLimit(name, value));
            _connections.Context = _parts.Context;
            _meter.Observe(system, _parts, _transport.Refusals, () => Readiness, _time);
            _timers = new NodeTimers(_parts, _store, _options, _time);
            await _transport.StartAcceptingAsync().ConfigureAwait(false);
            Listeners = [.. _transport.Listeners.Select(listener => new BoundListener(listener.Options, listener.Address))];
            StartWarning.Log(_options.Security, Listeners, _loggers.CreateLogger<BrokerNode>());
            _readiness = new Readiness(true, "ready");
            _started.TrySetResult();
        }
        catch (Exception problem)
        {
            _readiness = new Readiness(false, "could not start: " + problem.Message);
            _started.TrySetException(problem);
            throw;
        }
    }

    /// <summary>Drains, closes the listeners, tells every client to go, and waits until their connections are closed.</summary>
    internal async Task StopAsync(CancellationToken cancellation)
    {
        if (_parts is not null && _readiness.IsReady)
        {
            await _parts.Drain.PrepareAsync(TakeNoMore, cancellation).ConfigureAwait(false);
        }

        SetNotReady("stopping");
        if (_transport is null)
        {
            return;
        }

        await _transport.StopAcceptingAsync().ConfigureAwait(false);
        if (_parts is not null)
        {
            await _parts.Drain.MoveClientsAsync(_parts.Context.Directory, cancellation).ConfigureAwait(false);
        }

        // Until here the others may have gone on without this node. From here on it leaves, and what happens is as it should be.
        Volatile.Write(ref _isStopping, 1);

        if (_timers is not null)
        {
            await _timers.DisposeAsync().ConfigureAwait(false);
        }

        await _transport.StopAsync(cancellation).ConfigureAwait(false);
    }

    private void TakeNoMore()
    {
        SetNotReady("draining");
        if (_options.Drain.TcpProbe)
        {
            // What it fails with is told where it is awaited, behind the wait.
            _ = _transport!.StopAcceptingAsync();
        }
    }

    private void SetNotReady(string reason)
    {
        if (!HasEnded)
        {
            _readiness = new Readiness(false, reason);
        }
    }

    /// <summary>Stops the process as an operator's signal does; once is enough.</summary>
    private void Leave()
    {
        if (Interlocked.Exchange(ref _isLeaving, 1) == 0)
        {
            _ = Task.Run(_stop);
        }
    }

    /// <summary>Behind the actor system, whose entities write until it ends.</summary>
    internal async Task CloseStoreAsync()
    {
        _meter.Dispose();
        if (Interlocked.Exchange(ref _store, null) is { } store)
        {
            await store.DisposeAsync().ConfigureAwait(false);
            _journal.Dispose();
            if (_membership is not null)
            {
                await _membership.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None).ConfigureAwait(false);
        await CloseStoreAsync().ConfigureAwait(false);
        _authentication?.Dispose();
        _authorization?.Dispose();
    }

    /// <summary>The others go on without this node: every client is dropped at once, then they are told so in the registry.</summary>
    private void End(string reason)
    {
        if (Volatile.Read(ref _isStopping) != 0 || Interlocked.Exchange(ref _hasEnded, 1) != 0)
        {
            return;
        }

        MembershipLog.Ended(_loggers.CreateLogger<BrokerNode>(), reason);
        _readiness = new Readiness(false, reason);
        _ = EndAsync(reason);
    }

    private async Task EndAsync(string reason)
    {
        if (_transport is not null)
        {
            _transport.Abort();
            await _transport.StopAcceptingAsync().ConfigureAwait(false);
            _transport.Abort();
        }

        await _membership!.LeaveAsync().ConfigureAwait(false);
        _ended.TrySetResult(reason);
    }
}
