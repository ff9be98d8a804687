using Akka.Cluster;
using Broker.Actors.Clustering.Operations;
using Broker.Actors.Connections;
using Broker.Actors.Hosting;
using Broker.Protocol.Packets;
using Microsoft.Extensions.Logging;

namespace Broker.Actors.Draining;

/// <summary>
/// How a node goes away without losing anybody: it waits for its turn, says that it is not ready, gives the load balancer time to notice, and sends its
/// clients to the other nodes at a set rate. Where there is no other node there is nobody to wait for, and clients are told that the server stops.
/// </summary>
internal sealed class Drain(DrainOptions options, PrimaryView primary, UniqueAddress self, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    /// <summary>For connections to close that have been told to.</summary>
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    private readonly TaskCompletionSource _hastened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile DrainOptions _options = options;
    private volatile DrainState _state;
    private long _startedAt;

    /// <summary>How far it is. Any thread.</summary>
    public DrainState State => _state;

    /// <summary>Members that could take this node's clients.</summary>
    public required Func<int> Others { get; init; }

    /// <summary>Called when <see cref="State"/> changes.</summary>
    public required Action Changed { get; init; }

    /// <summary>The machine goes in this time: no more waiting than that leaves. Any thread, at any time; a drain that has begun goes on faster.</summary>
    public void Hasten(TimeSpan available)
    {
        _options = DrainHaste.Within(_options, available);
        if (_state != DrainState.None)
        {
            _hastened.TrySetResult();
        }
    }

    /// <summary>Returns once clients may be moved.</summary>
    /// <param name="notReady">Called when the load balancer must send no more clients here.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async Task PrepareAsync(Action notReady, CancellationToken cancellation)
    {
        if (_options.TurnWait > TimeSpan.Zero && Others() > 0)
        {
            DrainLog.Waiting(logger);
            Enter(DrainState.Waiting);
            await UnlessHastenedAsync(token => primary.WhenTurnOfAsync(self, _options.TurnWait, time, token), cancellation).ConfigureAwait(false);
        }

        _startedAt = time.GetTimestamp();
        Enter(DrainState.Draining);
        notReady();
        if (_options.Wait > TimeSpan.Zero && Others() > 0)
        {
            DrainLog.NotReady(logger, _options.Wait);
            await UnlessHastenedAsync(token => Task.Delay(_options.Wait, time, token), cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>DISCONNECT to every client, at the set rate while there is a node that they can go to; returns once all have gone.</summary>
    public async Task MoveClientsAsync(ConnectionDirectory directory, CancellationToken cancellation)
    {
        var use = new ConnectionProtocol.Disconnect(ReasonCode.UseAnotherServer, "this node goes away; connect again");
        var stop = new ConnectionProtocol.Disconnect(ReasonCode.ServerShuttingDown, "the server is shutting down");
        ClientConnection[] clients = [.. directory.All];
        if (Others() > 0 && clients.Length > 0)
        {
            DrainLog.Moving(logger, clients.Length, _options.Rate);
        }

        var begun = time.GetTimestamp();
        var moved = 0;
        while (moved < clients.Length)
        {
            var hasOthers = Others() > 0;
            var now = _options;
            var isPaced = hasOthers && now.Rate > 0 && time.GetElapsedTime(_startedAt) < now.Deadline;
            var due = isPaced ? (int)Math.Min(clients.Length, 1 + (long)(time.GetElapsedTime(begun).TotalSeconds * now.Rate)) : clients.Length;
            for (; moved < due; moved++)
            {
                clients[moved].Loop.Post(clients[moved], hasOthers ? use : stop);
            }

            if (moved < clients.Length)
            {
                await Task.Delay(Step, time, cancellation).ConfigureAwait(false);
            }
        }

        // Those too that came while the listeners closed.
        foreach (var late in directory.All)
        {
            late.Loop.Post(late, Others() > 0 ? use : stop);
        }

        await directory.WhenEmptyAsync(CloseTimeout, cancellation).ConfigureAwait(false);
    }

    private async Task UnlessHastenedAsync(Func<CancellationToken, Task> wait, CancellationToken cancellation)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var waiting = wait(over.Token);
        if (await Task.WhenAny(waiting, _hastened.Task).ConfigureAwait(false) == waiting)
        {
            await waiting.ConfigureAwait(false);
        }
        else
        {
            await over.CancelAsync().ConfigureAwait(false);
        }
    }

    private void Enter(DrainState state)
    {
        _state = state;
        Changed();
    }
}
