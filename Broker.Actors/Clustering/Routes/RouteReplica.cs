using Broker.Actors.Clustering.Links;
using Broker.Actors.Routing;
using Broker.Protocol.Packets;
using Broker.Protocol.Topics;

namespace Broker.Actors.Clustering.Routes;

/// <summary>This node's copy of another one's live routes. Every call comes under the lock of <see cref="RouteTable.Apply"/>.</summary>
internal sealed class RouteReplica(RemoteNode node)
{
    /// <summary>Live subscribers take at most what was published: the node itself knows what each one takes.</summary>
    private static readonly SubscriptionOptions Highest = new(QualityOfService.ExactlyOnce, RetainAsPublished: true);

    private readonly Dictionary<long, Member> _members = [];
    private readonly Dictionary<string, TopicFilter> _filters = new(StringComparer.Ordinal);
    private readonly HashSet<(string ClientId, long Number)> _clients = [];

    private HashSet<RouteChange>? _snapshot;

    /// <summary>Whether it is whole: the first snapshot has come to its end.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>What comes up to <see cref="EndSnapshot"/> is all that there is.</summary>
    public void BeginSnapshot() => _snapshot = [];

    /// <summary>What was here before the snapshot and is not in it goes.</summary>
    public void EndSnapshot(SubscriptionTree tree, DurableSubscribers durable)
    {
        Keep(tree, durable, _snapshot ?? []);
        _snapshot = null;
        IsWhole = true;
    }

    /// <summary>The node was removed.</summary>
    public void Clear(SubscriptionTree tree, DurableSubscribers durable) => Keep(tree, durable, []);

    /// <exception cref="FormatException">A filter is none.</exception>
    public void Apply(SubscriptionTree tree, DurableSubscribers durable, DurableRoutes routes, RouteChange change)
    {
        switch (change)
        {
            case RouteChange.FilterAdded added:
                _snapshot?.Add(added);
                if (!_filters.ContainsKey(added.Filter))
                {
                    var filter = new TopicFilter(added.Filter, added.Filter, null);
                    _filters.Add(added.Filter, filter);
                    tree.Subscribe(node, filter, Highest);
                }

                break;
            case RouteChange.FilterRemoved removed:
                RemoveFilter(tree, removed.Filter);
                break;
            case RouteChange.MemberJoined joined:
                _snapshot?.Add(new RouteChange.MemberLeft(joined.Connection, joined.Filter));
                Join(tree, joined);
                break;
            case RouteChange.MemberLeft left:
                Leave(tree, left.Connection, left.Filter);
                break;
            case RouteChange.ClientConnected connected:
                _snapshot?.Add(connected);
                if (_clients.Add((connected.ClientId, connected.Connection)))
                {
                    durable.GetOrAdd(connected.ClientId).Attach(new RemoteHome(node, connected.Connection));
                }

                break;
            case RouteChange.ClientGone gone:
                RemoveClient(durable, gone.ClientId, gone.Connection);
                break;
            case RouteChange.DurableSubscribed subscribed:
                routes.Subscribe(subscribed.Mark, Parse(subscribed.Filter), subscribed.Options);
                break;
            case RouteChange.DurableUnsubscribed unsubscribed:
                routes.Unsubscribe(unsubscribed.Mark, unsubscribed.Filter);
                break;
            case RouteChange.DurableRecovered recovered:
                routes.Recover(recovered.Mark);
                break;
            case RouteChange.DurableEnded ended:
                routes.End(ended.ClientId, ended.Session);
                break;
        }
    }

    private static TopicFilter Parse(string text) =>
        TopicFilter.TryParse(text, out var filter, out var problem) ? filter! : throw new FormatException($"a filter of another node: {problem}");

    private void Keep(SubscriptionTree tree, DurableSubscribers durable, HashSet<RouteChange> kept)
    {
        foreach (var filter in _filters.Keys.Where(filter => !kept.Contains(new RouteChange.FilterAdded(filter))).ToArray())
        {
            RemoveFilter(tree, filter);
        }

        foreach (var (number, member) in _members.ToArray())
        {
            foreach (var filter in member.Filters.Keys.Where(filter => !kept.Contains(new RouteChange.MemberLeft(number, filter))).ToArray())
            {
                Leave(tree, number, filter);
            }
        }

        foreach (var (clientId, number) in _clients.Where(client => !kept.Contains(new RouteChange.ClientConnected(client.ClientId, client.Number))).ToArray())
        {
            RemoveClient(durable, clientId, number);
        }
    }

    private void RemoveFilter(SubscriptionTree tree, string text)
    {
        if (_filters.Remove(text, out var filter))
        {
            tree.Unsubscribe(node, filter);
        }
    }

    private void Join(SubscriptionTree tree, RouteChange.MemberJoined joined)
    {
        if (!_members.TryGetValue(joined.Connection, out var member))
        {
            _members.Add(joined.Connection, member = new Member(new RemoteMember(node, joined.Connection)));
        }

        var filter = member.Filters.GetValueOrDefault(joined.Filter) ?? Parse(joined.Filter);
        member.Filters[joined.Filter] = filter;
        tree.Subscribe(member.Subscriber, filter, joined.Options);
    }

    private void Leave(SubscriptionTree tree, long number, string text)
    {
        if (_members.TryGetValue(number, out var member) && member.Filters.Remove(text, out var filter))
        {
            tree.Unsubscribe(member.Subscriber, filter);
            if (member.Filters.Count == 0)
            {
                _members.Remove(number);
            }
        }
    }

    private void RemoveClient(DurableSubscribers durable, string clientId, long number)
    {
        if (_clients.Remove((clientId, number)))
        {
            durable.GetOrAdd(clientId).Detach(new RemoteHome(node, number));
        }
    }

    private sealed class Member(RemoteMember subscriber)
    {
        public RemoteMember Subscriber { get; } = subscriber;

        public Dictionary<string, TopicFilter> Filters { get; } = new(1, StringComparer.Ordinal);
    }
}
