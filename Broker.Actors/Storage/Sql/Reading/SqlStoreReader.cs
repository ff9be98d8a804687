using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Broker.Actors.Storage.Encoding;
using Broker.Actors.Storage.Sql.Dialects;
using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;

namespace Broker.Actors.Storage.Sql.Reading;

/// <summary>Reads through connections of its own, beside the writer.</summary>
internal sealed class SqlStoreReader : IStoreReader
{
    private readonly ConcurrentDictionary<string, long> _sessions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _wills = new(StringComparer.Ordinal);
    private readonly SqlDialect _dialect;
    private readonly IStoreWriter _writer;
    private readonly KeyRange _keys;
    private readonly ReadGate _gate;
    private readonly QueueReader _queues;
    private readonly SessionLoader _loader;

    public SqlStoreReader(SqlDialect dialect, IStoreWriter writer, KeyRange keys, ReadGate gate)
    {
        _dialect = dialect;
        _writer = writer;
        _keys = keys;
        _gate = gate;
        _queues = new QueueReader(dialect);
        _loader = new SessionLoader(dialect, _queues);
    }

    /// <summary>Other nodes create sessions in the same database: what this one does not know may exist all the same.</summary>
    public bool IsAlone { get; init; } = true;

    /// <inheritdoc/>
    public bool MayHaveSession(string clientId) => !IsAlone || _sessions.ContainsKey(clientId) || _wills.ContainsKey(clientId);

    /// <inheritdoc/>
    public SessionHandle NewSession(string clientId)
    {
        var handle = new SessionHandle(_keys.Next(), clientId, new HandshakeImage());
        if (IsAlone)
        {
            _sessions[clientId] = handle.Key;
        }

        return handle;
    }

    /// <inheritdoc/>
    public async Task<StoredClient> LoadAsync(string clientId, CancellationToken cancellation)
    {
        // Behind what an earlier activation has written.
        await _writer.WriteAsync(new StoreWrite.Barrier()).WaitAsync(cancellation).ConfigureAwait(false);
        return await _gate.ReadAsync(commands => _loader.LoadAsync(commands, clientId, cancellation), cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<QueuePage> ReadQueueAsync(SessionHandle session, long after, int maxMessages, int maxBytes, CancellationToken cancellation) =>
        _gate.ReadAsync(
            async () =>
            {
                await using var db = new DataConnection(_dialect.Options);
                return await _queues.ReadAsync(db, session, after, long.MaxValue, maxMessages, maxBytes, cancellation).ConfigureAwait(false);
            },
            cancellation);

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredRoute> ReadRoutesAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var db = new DataConnection(_dialect.Options);
        var routes = from route in db.GetTable<RouteRow>()
                     join session in db.GetTable<SessionRow>() on route.Session equals session.Key
                     select new { route.Session, session.ClientId, route.Filter, route.Options, route.SubscriptionId };
        await foreach (var route in Guard.ReadAllAsync(_dialect, routes.AsAsyncEnumerable(), cancellation).ConfigureAwait(false))
        {
            yield return new StoredRoute(route.Session, route.ClientId, route.Filter, RouteOptions.Read(route.Options, route.SubscriptionId));
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredRetained> ReadRetainedAsync(int? partition, long after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var db = new DataConnection(_dialect.Options);
        var rows = db.GetTable<RetainedRow>().Where(row => row.Version > after);
        if (partition is { } one)
        {
            rows = rows.Where(row => row.Partition == one);
        }

        rows = rows.OrderBy(row => row.Partition).ThenBy(row => row.Version);
        await foreach (var row in Guard.ReadAllAsync(_dialect, rows.AsAsyncEnumerable(), cancellation).ConfigureAwait(false))
        {
            var (publication, problem) = row.Body is { } body
                ? Guard.TryDecode($"mqtt_retained, topic '{row.Topic}'", () => MessageCodec.Decode(body))
                : (null, null);
            yield return new StoredRetained((int)row.Partition, row.Version, row.Topic, publication, problem);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<(long Key, string ClientId)> ReadSessionsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var db = new DataConnection(_dialect.Options);
        await foreach (var row in Guard.ReadAllAsync(_dialect, db.GetTable<SessionRow>().Select(row => new { row.Key, row.ClientId }).AsAsyncEnumerable(), cancellation).ConfigureAwait(false))
        {
            yield return (row.Key, row.ClientId);
        }
    }

    /// <summary>Fills the indexes of sessions and of wills that an earlier process left behind.</summary>
    internal async Task LoadIndexAsync(CancellationToken cancellation)
    {
        await foreach (var (key, clientId) in ReadSessionsAsync(cancellation).ConfigureAwait(false))
        {
            _sessions[clientId] = key;
        }

        await using var db = new DataConnection(_dialect.Options);
        var wills = db.GetTable<ConnectionRow>().Where(row => row.Will != null).Select(row => new { row.ClientId, row.Number });
        await foreach (var row in Guard.ReadAllAsync(_dialect, wills.AsAsyncEnumerable(), cancellation).ConfigureAwait(false))
        {
            _wills[row.ClientId] = row.Number;
        }
    }

    /// <summary>Keeps the indexes; the writer's thread.</summary>
    internal void OnCommitted(StoreWrite write)
    {
        if (!IsAlone)
        {
            return;
        }

        switch (write)
        {
            case StoreWrite.Discard { Session: var session }:
                // A new session of the client id may have taken its place.
                _sessions.TryRemove(new KeyValuePair<string, long>(session.ClientId, session.Key));
                break;
            case StoreWrite.OpenConnection { Will: not null } open:
                _wills[open.ClientId] = open.Number;
                break;
            case StoreWrite.OpenConnection open:
                _wills.TryRemove(open.ClientId, out _);
                break;
            case StoreWrite.ForgetConnection forget:
                _wills.TryRemove(new KeyValuePair<string, long>(forget.ClientId, forget.Number));
                break;
        }
    }
}
