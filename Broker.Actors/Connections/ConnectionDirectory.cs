using System.Collections.Concurrent;

namespace Broker.Actors.Connections;

/// <summary>The node's connections by number. Any thread.</summary>
internal sealed class ConnectionDirectory(TimeProvider time)
{
    private const int CounterBits = 20;

    private readonly ConcurrentDictionary<long, ClientConnection> _connections = new();

    private volatile TaskCompletionSource? _emptied;

    // Starting from the clock, numbers are not used again after a restart; a node makes far fewer than a million
    // connections a millisecond, so the counter never catches up with a later start.
    private long _last = time.GetUtcNow().ToUnixTimeMilliseconds() << CounterBits;

    public int Count => _connections.Count;

    public IEnumerable<ClientConnection> All => _connections.Values;

    public long NextNumber() => Interlocked.Increment(ref _last);

    public void Add(ClientConnection connection) => _connections[connection.Number] = connection;

    public void Remove(ClientConnection connection)
    {
        if (_connections.TryRemove(connection.Number, out _) && _connections.IsEmpty)
        {
            _emptied?.TrySetResult();
        }
    }

    /// <summary>Returns when the last connection has gone, or after <paramref name="longest"/>.</summary>
    public async Task WhenEmptyAsync(TimeSpan longest, CancellationToken cancellation)
    {
        var emptied = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _emptied = emptied;
        if (_connections.IsEmpty)
        {
            return;
        }

        await Task.WhenAny(emptied.Task, Task.Delay(longest, time, cancellation)).ConfigureAwait(false);
    }

    /// <summary>Hands a command to the connection's event loop; false where the connection is gone.</summary>
    public bool Post(long number, object command)
    {
        if (!_connections.TryGetValue(number, out var connection))
        {
            return false;
        }

        connection.Loop.Post(connection, command);
        return true;
    }
}
