using Broker.Actors.Sessions;
using Broker.Actors.Storage;

namespace Broker.Specs.Actors.Sessions;

/// <summary>Reads, which complete at once or (<see cref="HoldReads"/>) when the spec says.</summary>
internal sealed partial class FakeStore : IStoreReader, IConnectionStore
{
    private TaskCompletionSource? _reads;
    private long _lastKey = 100;

    /// <summary>Not null: every read fails so.</summary>
    public StorageException? ReadFailure { get; set; }

    /// <summary>How many reads of queues there were.</summary>
    public int PagesRead { get; private set; }

    /// <summary>How often due connections were looked for.</summary>
    public int Looks { get; private set; }

    /// <summary>How often connections of nodes that are gone were counted as closed.</summary>
    public int Stamps { get; private set; }

    /// <summary>Reads wait from now on.</summary>
    public void HoldReads() => _reads = new TaskCompletionSource();

    /// <summary>What waits is read, as it is now.</summary>
    public void ReleaseReads()
    {
        var reads = _reads!;
        _reads = null;
        reads.SetResult();
    }

    /// <inheritdoc/>
    public bool MayHaveSession(string clientId)
    {
        lock (_gate)
        {
            return _sessions.ContainsKey(clientId)
                || (_connections.TryGetValue(clientId, out var row) && row.Will is not null)
                || _waiting.Any(write => write is StoreWrite.Create create && create.Session.ClientId == clientId);
        }
    }

    /// <inheritdoc/>
    public SessionHandle NewSession(string clientId) => new(Interlocked.Increment(ref _lastKey), clientId, new HandshakeImage());

    /// <inheritdoc/>
    public async Task<StoredClient> LoadAsync(string clientId, CancellationToken cancellation)
    {
        var barrier = new TaskCompletionSource();
        Write(new StoreWrite.Barrier(), new Committed(barrier));
        await barrier.Task;
        return await ReadAsync(() => new StoredClient(
            _sessions.TryGetValue(clientId, out var rows) ? Load(clientId, rows) : null,
            _connections.TryGetValue(clientId, out var row) ? Stored(clientId, row) : null));
    }

    /// <inheritdoc/>
    public Task<QueuePage> ReadQueueAsync(SessionHandle session, long after, int maxMessages, int maxBytes, CancellationToken cancellation) => ReadAsync(() =>
    {
        PagesRead++;
        var rows = _sessions[session.ClientId];
        var messages = new List<QueuedMessage>();
        long bytes = 0;
        foreach (var row in rows.Queue.Values.Where(row => row.Position > after))
        {
            if (messages.Count == maxMessages || bytes >= maxBytes)
            {
                return new QueuePage(messages, IsLast: false);
            }

            messages.Add(rows.Message(row));
            bytes += row.Publication.Size;
        }

        return new QueuePage(messages, IsLast: true);
    });

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredConnection>> ReadDueAsync(int most, CancellationToken cancellation) => ReadAsync<IReadOnlyList<StoredConnection>>(() =>
    {
        Looks++;
        return [.. _connections.Where(row => IsDue(row.Value)).Select(row => Stored(row.Key, row.Value)).Take(most)];
    });

    /// <inheritdoc/>
    public Task<int> StampDisconnectedAsync(long? nodeKey, CancellationToken cancellation)
    {
        Stamps++;
        return Task.FromResult(0);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredConnection> ReadOpenAsync(long nodeKey, CancellationToken cancellation) => throw new NotSupportedException();

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredRoute> ReadRoutesAsync(CancellationToken cancellation) => EachAsync(_sessions
        .SelectMany(session => session.Value.Routes.Select(route => new StoredRoute(session.Value.Key, session.Key, route.Key, route.Value))));

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredRetained> ReadRetainedAsync(int? partition, long after, CancellationToken cancellation) => EachAsync(_retained.Values
        .Where(one => one.Version > after && (partition is null || one.Partition == partition)).OrderBy(one => (one.Partition, one.Version)));

    /// <inheritdoc/>
    public IAsyncEnumerable<(long Key, string ClientId)> ReadSessionsAsync(CancellationToken cancellation) =>
        EachAsync(_sessions.Select(session => (session.Value.Key, session.Key)));

    private static async IAsyncEnumerable<T> EachAsync<T>(IEnumerable<T> items)
    {
        foreach (var item in items)
        {
            yield return item;
        }

        await Task.CompletedTask;
    }

    private async Task<T> ReadAsync<T>(Func<T> read)
    {
        if (_reads is { } held)
        {
            await held.Task;
        }

        if (ReadFailure is { } failure)
        {
            throw failure;
        }

        lock (_gate)
        {
            return read();
        }
    }

    private bool IsDue(ConnectionRow row)
    {
        var seconds = Math.Min(row.Will?.DelayInterval ?? uint.MaxValue, row.SessionExpiry);
        return row.ClosedAt is { } closed && seconds != uint.MaxValue && closed.AddSeconds(seconds) <= time.GetUtcNow();
    }

    private StoredConnection Stored(string clientId, ConnectionRow row) => new(
        clientId, row.Number, 1, row.SessionExpiry, row.Will, row.ClosedAt is { } closed ? (long)(time.GetUtcNow() - closed).TotalMilliseconds : null, WillAuthor: row.WillAuthor);

    private static StoredSession Load(string clientId, Rows rows)
    {
        // As the rows are decoded: an image of its own.
        var image = new HandshakeImage { ReadPosition = rows.Image.ReadPosition, LastNumber = rows.Image.LastNumber };
        foreach (var step in rows.Image.Window)
        {
            image.Read(step.Position, step.PacketId, step.State);
        }

        foreach (var (packetId, step) in rows.Image.Inbound)
        {
            image.Inbound.Add(packetId, step);
        }

        var unread = rows.Queue.Values.Where(row => row.Position > image.ReadPosition).ToList();
        return new StoredSession
        {
            Session = new SessionHandle(rows.Key, clientId, image),
            Routes = [.. rows.Routes.Select(route => new StoredRoute(rows.Key, clientId, route.Key, route.Value))],
            ReadPosition = image.ReadPosition,
            LastPosition = Math.Max(image.ReadPosition, unread.LastOrDefault()?.Position ?? 0),
            QueuedMessages = unread.Count,
            QueuedBytes = unread.Sum(row => row.Publication.Size),
            Inflight = [.. image.Window.ToArray().Where(step => step.PacketId != 0).Select(step => new StoredInflight(
                step.Position,
                step.PacketId,
                step.State,
                step.State == InflightState.AwaitingPubComp ? null : rows.Message(rows.Queue[step.Position])))],
            Inbound = [.. image.Inbound.Select(step => new StoredInbound(step.Key, step.Value.Number, step.Value.IsRouted, step.Value.Picks))],
            LastNumber = image.LastNumber,
            Received = rows.Received,
        };
    }

    private sealed class Committed(TaskCompletionSource source) : IWriteObserver
    {
        public void OnCommitted(StoreWrite write) => source.SetResult();

        public void OnFailed(StoreWrite write, StorageException failure) => source.SetException(failure);
    }
}
