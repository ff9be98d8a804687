using System.Collections.Concurrent;

namespace Broker.Actors.Connections;

/// <summary>The node's connections by number. Any thread.</summary>
/// <param name="time">The clock.</param>
/// <param name="nodeKey">This process in the registry (<see cref="Storage.NodeRegistration.Key"/>), which no other has.</param>
internal sealed class ConnectionDirectory(TimeProvider time, long nodeKey = 0)
{
    private const int KeyBits = 16;
    private const int CounterBits = 5;

    private readonly ConcurrentDictionary<long, ClientConnection> _connections = new();

    private volatile TaskCompletionSource? _emptied;

    // The node's key makes a number unique in the cluster: 65,536 starts of nodes lie between two with the same bits. The clock orders the numbers of different
    // nodes and processes roughly; where two clocks disagree, the entity of the client id asks for a higher one.
    private long _last = time.GetUtcNow().ToUnixTimeMilliseconds() << CounterBits;

    public int Count => _connections.Count;

    /// <summary>Without a copy: one that comes or goes meanwhile is seen or not.</summary>
    public IEnumerable<ClientConnection> All => _connections.Select(static entry => entry.Value);

    public long NextNumber() => Number(Interlocked.Increment(ref _last));

    /// <summary>One that is higher than <paramref name="number"/>, and so are all later ones.</summary>
    public long NextNumber(long number)
    {
        var floor = number >> KeyBits;
        for (var last = Volatile.Read(ref _last); last < floor; last = Volatile.Read(ref _last))
        {
            Interlocked.CompareExchange(ref _last, floor, last);
        }

        return NextNumber();
    }

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

    /// <summary>The connection with this number, or null.</summary>
    public ClientConnection? Find(long number) => _connections.GetValueOrDefault(number);

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

    private long Number(long count) => (count << KeyBits) | (nodeKey & ((1L << KeyBits) - 1));
}
