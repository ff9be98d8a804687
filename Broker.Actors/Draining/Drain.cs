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

    private volatile DrainState _state;
    private long _startedAt;

    /// <summary>How far it is. Any thread.</summary>
    public DrainState State => _state;

    /// <summary>Members that could take this node's clients.</summary>
    public required Func<int> Others { get; init; }

    /// <summary>Called when <see cref="State"/> changes.</summary>
    public required Action Changed { get; init; }

    /// <summary>Returns once clients may be moved.</summary>
    /// <param name="notReady">Called when the load balancer must send no more clients here.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async Task PrepareAsync(Action notReady, CancellationToken cancellation)
    {
        if (options.TurnWait > TimeSpan.Zero && Others() > 0)
        {
            DrainLog.Waiting(logger);
            Enter(DrainState.Waiting);
            await primary.WhenTurnOfAsync(self, options.TurnWait, time, cancellation).ConfigureAwait(false);
        }

        _startedAt = time.GetTimestamp();
        Enter(DrainState.Draining);
        notReady();
        if (options.Wait > TimeSpan.Zero && Others() > 0)
        {
            DrainLog.NotReady(logger, options.Wait);
            await Task.Delay(options.Wait, time, cancellation).ConfigureAwait(false);
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
            DrainLog.Moving(logger, clients.Length, options.Rate);
        }

        var begun = time.GetTimestamp();
        var moved = 0;
        while (moved < clients.Length)
        {
            var hasOthers = Others() > 0;
            var isPaced = hasOthers && options.Rate > 0 && time.GetElapsedTime(_startedAt) < options.Deadline;
            var due = isPaced ? (int)Math.Min(clients.Length, 1 + (long)(time.GetElapsedTime(begun).TotalSeconds * options.Rate)) : clients.Length;
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

    private void Enter(DrainState state)
    {
        _state = state;
        Changed();
    }
}
