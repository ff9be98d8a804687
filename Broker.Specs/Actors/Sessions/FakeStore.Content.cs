using Broker.Actors.Routing;
using Broker.Actors.Security;
using Broker.Actors.Sessions;
using Broker.Actors.Storage;
using Broker.Protocol.Packets;

namespace Broker.Specs.Actors.Sessions;

/// <summary>What is committed.</summary>
internal sealed partial class FakeStore
{
    private readonly Dictionary<string, Rows> _sessions = [];
    private readonly Dictionary<string, ConnectionRow> _connections = [];
    private readonly Dictionary<string, StoredRetained> _retained = [];

    /// <summary>Committed sessions.</summary>
    public int SessionCount => _sessions.Count;

    /// <summary>Committed rows of connections.</summary>
    public int ConnectionCount => _connections.Count;

    /// <summary>Rows of committed queues, what is in flight included.</summary>
    public int QueueRows => _sessions.Values.Sum(rows => rows.Queue.Count);

    /// <summary>Filters of a session's committed routes.</summary>
    public IEnumerable<string> RoutesOf(string clientId) => _sessions[clientId].Routes.Keys;

    /// <summary>Removes a row as the store's maintenance does with an expired message.</summary>
    public void RemoveQueued(string clientId, long position) => _sessions[clientId].Queue.Remove(position);

    /// <summary>Null: none waits.</summary>
    public WillMessage? WillOf(string clientId) => _connections.GetValueOrDefault(clientId)?.Will;

    /// <summary>A row that another process left behind.</summary>
    /// <param name="clientId">Whose.</param>
    /// <param name="number">The connection's number.</param>
    /// <param name="expiry">Seconds.</param>
    /// <param name="will">Or null.</param>
    /// <param name="closedAgo">When it was closed, or stamped as closed; null: it is open.</param>
    public void LeaveConnection(string clientId, long number, uint expiry, WillMessage? will, TimeSpan? closedAgo) =>
        _connections[clientId] = new ConnectionRow(number, expiry, will, time.GetUtcNow() - closedAgo);

    private void Commit(StoreWrite write)
    {
        switch (write)
        {
            case StoreWrite.Create { Session: var session }:
                _sessions.Add(session.ClientId, new Rows(session.Key));
                break;
            case StoreWrite.Discard { Session: var session }:
                if (_sessions.TryGetValue(session.ClientId, out var ended) && ended.Key == session.Key)
                {
                    _sessions.Remove(session.ClientId);
                }

                break;
            case StoreWrite.OpenConnection open:
                _connections[open.ClientId] = new ConnectionRow(open.Number, open.SessionExpiry, open.Will, ClosedAt: null, open.WillAuthor);
                break;
            case StoreWrite.CloseConnection close when _connections.TryGetValue(close.ClientId, out var row) && row.Number == close.Number:
                _connections[close.ClientId] = new ConnectionRow(close.Number, close.SessionExpiry, close.KeepWill ? row.Will : null, time.GetUtcNow(), row.WillAuthor);
                break;
            case StoreWrite.ForgetConnection forget when _connections.TryGetValue(forget.ClientId, out var row) && row.Number == forget.Number:
                _connections.Remove(forget.ClientId);
                break;
            case StoreWrite.SaveRetained save:
                var publication = save.Publication.Payload.IsEmpty ? null : save.Publication;
                _retained[save.Publication.Topic] = new StoredRetained(save.Partition, save.Version, save.Publication.Topic, publication);
                break;
            case StoreWrite.PurgeTombstones purge:
                foreach (var stone in _retained.Values.Where(one => one.Publication is null && one.Partition == purge.Partition && one.Version <= purge.Version).ToList())
                {
                    _retained.Remove(stone.Topic);
                }

                break;
            case StoreWrite.OfSession ofSession when _sessions.TryGetValue(ofSession.Session.ClientId, out var rows) && rows.Key == ofSession.Session.Key:
                rows.Commit(ofSession);
                break;
        }
    }

    private sealed record ConnectionRow(long Number, uint SessionExpiry, WillMessage? Will, DateTimeOffset? ClosedAt, ClientIdentity? WillAuthor = null);

    private sealed class Rows(long key)
    {
        public long Key { get; } = key;

        public HandshakeImage Image { get; } = new();

        public SortedDictionary<long, StoreWrite.Enqueue> Queue { get; } = [];

        public List<MessageId> Received { get; } = [];

        public Dictionary<string, SubscriptionOptions> Routes { get; } = [];

        public void Commit(StoreWrite.OfSession write)
        {
            switch (write)
            {
                case StoreWrite.Enqueue enqueue:
                    Queue.Add(enqueue.Position, enqueue);
                    if (enqueue.QoS == QualityOfService.ExactlyOnce && enqueue.Publication.Id.IsSet)
                    {
                        Received.Add(enqueue.Publication.Id);
                    }

                    break;
                case StoreWrite.HandshakeStep step:
                    step.Apply(Image);
                    var needed = Image.LowestNeeded();
                    while (Queue.Count > 0 && Queue.First().Key < needed)
                    {
                        Queue.Remove(Queue.First().Key);
                    }

                    break;
                case StoreWrite.AddRoute route:
                    Routes[route.Filter] = route.Options;
                    break;
                case StoreWrite.RemoveRoute route:
                    Routes.Remove(route.Filter);
                    break;
            }
        }

        public QueuedMessage Message(StoreWrite.Enqueue row) =>
            new(row.Position, new Broker.Actors.Connections.Delivery(row.Publication, row.QoS, row.Retain, row.SubscriptionIdentifiers));
    }
}
