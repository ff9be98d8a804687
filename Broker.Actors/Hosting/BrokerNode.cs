using Akka.Actor;
using Akka.Cluster;
using Broker.Actors.Connections;
using Broker.Actors.Storage;
using Broker.Actors.Storage.Sql;
using Broker.Protocol.Transport;
using Microsoft.Extensions.Logging;

namespace Broker.Actors.Hosting;

/// <summary>The running broker of this process, for the management endpoints and the start-up lines.</summary>
public sealed class BrokerNode : IAsyncDisposable
{
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly BrokerOptions _options;
    private readonly ILoggerFactory _loggers;
    private readonly TimeProvider _time;
    private readonly ConnectionFactory _connections = new();
    private volatile Readiness _readiness = new(false, "starting");
    private MqttTransport? _transport;
    private SqlStore? _store;
    private NodeParts? _parts;
    private NodeTimers? _timers;

    internal BrokerNode(BrokerOptions options, ILoggerFactory loggers, TimeProvider time)
    {
        _options = options;
        _loggers = loggers;
        _time = time;
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
            return readiness.IsReady && _parts is { Sessions: { IsStoreUp: false } sessions } ? new Readiness(false, sessions.StoreProblem) : readiness;
        }
    }

    /// <summary>Completes when the node serves clients; fails when it cannot start.</summary>
    public Task Started => _started.Task;

    internal async Task StartAsync(ActorSystem system, CancellationToken cancellation)
    {
        try
        {
            // Bound first: an address in use is told at once, before a cluster is formed.
            _transport = await MqttTransport.BindAsync(
                _options.Listeners, _options.Transport, _connections, _loggers, _time, cancellation).ConfigureAwait(false);
            var cluster = Cluster.Get(system);
            Address = cluster.SelfAddress;
            _readiness = new Readiness(false, "opening the database");
            _store = await SqlStore.OpenAsync(_options, Address.ToString(), _loggers, _time, cancellation).ConfigureAwait(false);
            if (cluster.Settings.SeedNodes.IsEmpty)
            {
                await RevokeOthersAsync(_store.Registry, cancellation).ConfigureAwait(false);
            }

            _readiness = new Readiness(false, "joining the cluster");
            await JoinAsync(cluster, cancellation).ConfigureAwait(false);
            _readiness = new Readiness(false, "loading sessions");
            _parts = await NodeParts.StartAsync(system, _store, _options, _transport.EventLoops, _loggers, _time, cancellation).ConfigureAwait(false);
            _connections.Context = _parts.Context;
            _timers = new NodeTimers(_parts, _options, _time);
            _transport.StartAccepting();
            Listeners = [.. _transport.Listeners.Select(listener => new BoundListener(listener.Options, listener.Address))];
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

    /// <summary>Closes the listeners, tells every client that the server goes, and waits until their connections are closed.</summary>
    internal async Task StopAsync(CancellationToken cancellation)
    {
        _readiness = new Readiness(false, "stopping");
        if (_transport is null)
        {
            return;
        }

        await _transport.StopAcceptingAsync().ConfigureAwait(false);
        if (_timers is not null)
        {
            await _timers.DisposeAsync().ConfigureAwait(false);
        }

        if (_parts is not null)
        {
            await _parts.DisconnectAllAsync(cancellation).ConfigureAwait(false);
        }

        await _transport.StopAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Behind the actor system, whose entities write until it ends.</summary>
    internal async Task CloseStoreAsync()
    {
        if (Interlocked.Exchange(ref _store, null) is { } store)
        {
            await store.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None).ConfigureAwait(false);
        await CloseStoreAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// A node without seed nodes is the only one there is: whoever is registered under another address has died, since
    /// such a node gets another port at each start.
    /// </summary>
    private static async Task RevokeOthersAsync(INodeRegistry registry, CancellationToken cancellation)
    {
        foreach (var node in await registry.ReadAsync(cancellation).ConfigureAwait(false))
        {
            if (node.Address != registry.Self.Address)
            {
                await registry.RevokeAsync(node.Address, cancellation).ConfigureAwait(false);
            }
        }
    }

    private static async Task JoinAsync(Cluster cluster, CancellationToken cancellation)
    {
        // Without seed nodes this is a cluster of one.
        if (cluster.Settings.SeedNodes.IsEmpty)
        {
            await cluster.JoinAsync(cluster.SelfAddress, cancellation).ConfigureAwait(false);
            return;
        }

        var up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        cluster.RegisterOnMemberUp(up.SetResult);
        await up.Task.WaitAsync(cancellation).ConfigureAwait(false);
    }
}
