using System.Runtime.InteropServices;
using Broker.Actors.Routing;
using Broker.Protocol.Topics;

namespace Broker.Actors.Clustering.Routes;

/// <summary>
/// The durable routes of the whole cluster, as this node knows them: from the table, and from the words of the sessions' entities, which may come from several
/// nodes and late. They belong to no node, so none goes with one. Not thread-safe.
/// </summary>
internal sealed class DurableRoutes(SubscriptionTree tree, DurableSubscribers subscribers)
{
    /// <summary>Sessions that have ended lately: a late word does not bring them back.</summary>
    private const int EndedKept = 65_536;

    private readonly Dictionary<string, List<SessionRoutes>> _byClientId = new(StringComparer.Ordinal);
    private readonly HashSet<long> _ended = [];
    private readonly Queue<long> _endedInOrder = [];
    private readonly List<TableLoad> _loads = [];
    private int _generation;

    /// <summary>Sessions that have routes.</summary>
    public int Count => _byClientId.Count;

    /// <summary>A subscription, new or changed.</summary>
    public void Subscribe(DurableMark mark, TopicFilter filter, SubscriptionOptions options)
    {
        if (_ended.Contains(mark.Session))
        {
            return;
        }

        var session = GetOrAdd(mark);
        ref var route = ref CollectionsMarshal.GetValueRefOrAddDefault(session.Filters, filter.Text, out var exists);
        if (mark.Sequence < session.Floor || (exists && mark.Sequence < route.Sequence))
        {
            if (!exists)
            {
                session.Filters.Remove(filter.Text);
            }

            return;
        }

        route = new Route(filter, mark.Sequence, _generation);
        tree.Subscribe(subscribers.GetOrAdd(mark.ClientId), filter, options);
    }

    /// <summary>It has ended.</summary>
    public void Unsubscribe(DurableMark mark, string filter)
    {
        _loads.ForEach(load => load.Removed.Add((mark.Session, filter)));
        if (Find(mark.ClientId, mark.Session) is { } session && session.Filters.TryGetValue(filter, out var route) && route.Sequence <= mark.Sequence)
        {
            Remove(mark.ClientId, session, route.Filter);
        }
    }

    /// <summary>All that the session has was told with this mark: what has a lower one is gone, and what comes with a lower one is late.</summary>
    public void Recover(DurableMark mark)
    {
        if (Find(mark.ClientId, mark.Session) is not { } session)
        {
            return;
        }

        session.Floor = Math.Max(session.Floor, mark.Sequence);
        foreach (var route in session.Filters.Values.Where(route => route.Sequence < mark.Sequence).ToArray())
        {
            _loads.ForEach(load => load.Removed.Add((mark.Session, route.Filter.Text)));
            Remove(mark.ClientId, session, route.Filter);
        }
    }

    /// <summary>The session is over.</summary>
    public void End(string clientId, long key)
    {
        if (_ended.Add(key))
        {
            _endedInOrder.Enqueue(key);
            if (_endedInOrder.Count > EndedKept)
            {
                _ended.Remove(_endedInOrder.Dequeue());
            }
        }

        if (Find(clientId, key) is not { } session)
        {
            return;
        }

        foreach (var route in session.Filters.Values.ToArray())
        {
            Remove(clientId, session, route.Filter);
        }

        var sessions = _byClientId[clientId];
        sessions.Remove(session);
        if (sessions.Count == 0)
        {
            _byClientId.Remove(clientId);
            subscribers.RemoveIfAway(clientId);
        }
    }

    /// <summary>The table is going to be read: what is told meanwhile is newer than what it says.</summary>
    public TableLoad BeginLoad()
    {
        var load = new TableLoad(++_generation);
        _loads.Add(load);
        return load;
    }

    /// <summary>A row of the table.</summary>
    public void Load(TableLoad load, string clientId, long key, TopicFilter filter, SubscriptionOptions options)
    {
        if (load.Removed.Contains((key, filter.Text)))
        {
            return;
        }

        if (Find(clientId, key) is { } session && session.Filters.TryGetValue(filter.Text, out var known))
        {
            session.Filters[filter.Text] = known with { Generation = _generation };
            return;
        }

        if (!_ended.Contains(key))
        {
            GetOrAdd(new DurableMark(clientId, key, 0)).Filters.Add(filter.Text, new Route(filter, 0, _generation));
            tree.Subscribe(subscribers.GetOrAdd(clientId), filter, options);
        }
    }

    /// <summary>The table was read: what is neither in it nor was told meanwhile is gone, for a row outlives its route.</summary>
    public void EndLoad(TableLoad load)
    {
        foreach (var (clientId, sessions) in _byClientId.ToArray())
        {
            foreach (var session in sessions.ToArray())
            {
                foreach (var route in session.Filters.Values.Where(route => route.Generation < load.Generation).ToArray())
                {
                    Remove(clientId, session, route.Filter);
                }

                if (session.Filters.Count == 0 && session.Floor == 0)
                {
                    sessions.Remove(session);
                }
            }

            if (sessions.Count == 0)
            {
                _byClientId.Remove(clientId);
                subscribers.RemoveIfAway(clientId);
            }
        }

        _loads.Remove(load);
    }

    /// <summary>The table could not be read to its end: what was read is no harm.</summary>
    public void AbandonLoad(TableLoad load) => _loads.Remove(load);

    private SessionRoutes? Find(string clientId, long key) =>
        _byClientId.TryGetValue(clientId, out var sessions) ? sessions.Find(session => session.Key == key) : null;

    private SessionRoutes GetOrAdd(DurableMark mark)
    {
        if (!_byClientId.TryGetValue(mark.ClientId, out var sessions))
        {
            _byClientId.Add(mark.ClientId, sessions = new List<SessionRoutes>(1));
        }

        // Two at once only while the end of the one before is on its way from another node.
        var session = sessions.Find(session => session.Key == mark.Session);
        if (session is null)
        {
            sessions.Add(session = new SessionRoutes(mark.Session));
        }

        return session;
    }

    private void Remove(string clientId, SessionRoutes session, TopicFilter filter)
    {
        session.Filters.Remove(filter.Text);
        if (!_byClientId[clientId].Exists(other => other.Filters.ContainsKey(filter.Text)))
        {
            tree.Unsubscribe(subscribers.GetOrAdd(clientId), filter);
        }
    }

    private sealed class SessionRoutes(long key)
    {
        public long Key { get; } = key;

        /// <summary>Words with a lower sequence number are late.</summary>
        public long Floor { get; set; }

        /// <summary>By the filter as the client wrote it.</summary>
        public Dictionary<string, Route> Filters { get; } = new(1, StringComparer.Ordinal);
    }

    private readonly record struct Route(TopicFilter Filter, long Sequence, int Generation);
}

/// <summary>One reading of the table of routes; several may be under way.</summary>
/// <param name="generation">What was told or read since it began has this one or a later one.</param>
internal sealed class TableLoad(int generation)
{
    public int Generation { get; } = generation;

    /// <summary>What was told to have ended since then: a row of it is older.</summary>
    public HashSet<(long Session, string Filter)> Removed { get; } = [];
}
