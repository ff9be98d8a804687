using Broker.Actors.Connections;

namespace Broker.Actors.Hosting;

/// <summary>What a node does by the clock: time limits of connections each second, <c>$SYS</c> at its interval.</summary>
internal sealed class NodeTimers : IAsyncDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ITimer _timeouts;
    private readonly ITimer? _sys;

    public NodeTimers(NodeParts parts, BrokerOptions options, TimeProvider time)
    {
        _timeouts = time.CreateTimer(_ => CheckTimeouts(parts.Context.Loops), null, Second, Second);
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
        if (_sys is not null)
        {
            await _sys.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static void CheckTimeouts(EventLoops loops)
    {
        foreach (var loop in loops.All)
        {
            loop.Executor.Execute(loop.Connections.CheckTimeouts);
        }
    }
}
