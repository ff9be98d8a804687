using Broker.Actors.Connections;
using Broker.Actors.Sessions;
using Broker.Actors.Storage;
using Broker.Actors.Storage.Sql;

namespace Broker.Actors.Hosting;

/// <summary>What a node does by the clock: time limits of connections and its memory each second, the room on its disk ten times a second, a look at an idle database and at its clock, <c>$SYS</c> at its interval.</summary>
internal sealed class NodeTimers : IAsyncDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>In a second a fast disk takes more than what is to stay free.</summary>
    private static readonly TimeSpan DiskInterval = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan ClockInterval = TimeSpan.FromSeconds(10);

    private readonly ITimer _timeouts;
    private readonly ITimer _look;
    private readonly ITimer _clock;
    private readonly ITimer? _disk;
    private readonly ITimer? _sys;
    private int _isMeasuring;
    private int _isLookingAtDisk;

    public NodeTimers(NodeParts parts, SqlStore store, BrokerOptions options, TimeProvider time)
    {
        _timeouts = time.CreateTimer(_ => CheckConnections(parts.Context), null, Second, Second);
        _look = time.CreateTimer(_ => LookAtStore(parts.Sessions.Writer), null, LookInterval, LookInterval);
        _clock = time.CreateTimer(_ => _ = MeasureClockAsync(store), null, ClockInterval, ClockInterval);
        if (parts.Context.Disk is { } disk)
        {
            _disk = time.CreateTimer(_ => LookAtDisk(disk), null, DiskInterval, DiskInterval);
        }

        if (options.SysInterval > TimeSpan.Zero)
        {
            var publisher = new SysPublisher(parts, options, time);
            _sys = time.CreateTimer(_ => publisher.Publish(), null, TimeSpan.Zero, options.SysInterval);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _timeouts.DisposeAsync().ConfigureAwait(false);
        await _look.DisposeAsync().ConfigureAwait(false);
        await _clock.DisposeAsync().ConfigureAwait(false);
        if (_disk is not null)
        {
            await _disk.DisposeAsync().ConfigureAwait(false);
        }

        if (_sys is not null)
        {
            await _sys.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Where nothing is written nobody would notice that the database is away.</summary>
    private static void LookAtStore(IStoreWriter writer)
    {
        if (writer.Backlog.Waiting == 0)
        {
            writer.Write(new StoreWrite.Barrier(), IgnoredOutcome.Instance);
        }
    }

    private async Task MeasureClockAsync(SqlStore store)
    {
        if (Interlocked.Exchange(ref _isMeasuring, 1) == 0)
        {
            try
            {
                await store.MeasureClockAsync(CancellationToken.None).ConfigureAwait(false);
            }
            finally
            {
                Volatile.Write(ref _isMeasuring, 0);
            }
        }
    }

    private void LookAtDisk(DiskGuard disk)
    {
        if (Interlocked.Exchange(ref _isLookingAtDisk, 1) == 0)
        {
            try
            {
                disk.Check();
            }
            finally
            {
                Volatile.Write(ref _isLookingAtDisk, 0);
            }
        }
    }

    private static void CheckConnections(BrokerContext context)
    {
        context.Memory.Check();
        foreach (var loop in context.Loops.All)
        {
            loop.Executor.Execute(loop.Connections.CheckTimeouts);
        }

        // Where others keep the store between its bounds, those that were held come back too.
        if (!context.StoreBacklog.IsFull)
        {
            context.Loops.ReleaseForStore();
        }

        if (context.Disk is { IsLow: false })
        {
            context.Loops.ReleaseForDisk();
        }
    }
}
