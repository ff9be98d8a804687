using System.Collections.Immutable;
using Akka.Cluster;
using Broker.Actors.Clustering.Links;
using Broker.Actors.Clustering.Routes;
using Broker.Actors.Connections;
using Broker.Protocol.Topics;

namespace Broker.Actors.Routing;

/// <summary>
/// The node's routes: the <see cref="SubscriptionTree"/> that event loops match against, and the order of changes to it. What other nodes must know is numbered,
/// and what they tell is applied here. A node that has no others keeps no log, and nothing waits. Any thread.
/// </summary>
/// <param name="durable">The durable sessions that this node routes to.</param>
/// <param name="isShared">Whether other nodes may come: false spares the book about durable routes, which a node by itself needs none of.</param>
internal sealed partial class RouteTable(DurableSubscribers durable, bool isShared = false)
{
    /// <summary>Changes that are kept for members that are behind; more: they get a snapshot.</summary>
    private const int LogCapacity = 131_072;

    private readonly Lock _gate = new();
    private readonly RouteLog _log = new(LogCapacity);
    private readonly RouteAcknowledgements _acknowledgements = new();
    private volatile bool _hasPeers;
    private ImmutableArray<RemoteNode> _peers = [];

    public SubscriptionTree Tree { get; } = new();

    /// <summary>Whether there are members to tell. Any thread.</summary>
    public bool HasPeers => _hasPeers;

    /// <summary>The other members that routes lead to. Any thread.</summary>
    public ImmutableArray<RemoteNode> Peers => _peers;

    /// <summary>There is something to tell. Set once, by the replicator.</summary>
    public Action Changed { get; set; } = static () => { };

    /// <summary>
    /// For retained messages (hard case 10): what each member's <see cref="Retained.RetainedGateway.Barrier"/> was when it acknowledged changes of routes last.
    /// Once a change is known everywhere, every write that a member matched without it is at or below the member's barrier here.
    /// </summary>
    public (UniqueAddress Node, long Barrier)[] Barriers
    {
        get
        {
            lock (_gate)
            {
                return _acknowledgements.Barriers;
            }
        }
    }

    /// <summary>True: new; false: the options were replaced. Publishes matched from here on see it.</summary>
    public bool Subscribe(SessionSubscriber subscriber, TopicFilter filter, SubscriptionOptions options)
    {
        lock (_gate)
        {
            var isNew = Tree.Subscribe(subscriber, filter, options, out var isFirstLive);
            if (_hasPeers && isFirstLive)
            {
                Append(new RouteChange.FilterAdded(filter.Filter));
            }
            else if (_hasPeers && filter.IsShared && subscriber.IsLive)
            {
                Append(new RouteChange.MemberJoined(subscriber.Number, filter.Text, options));
            }

            return isNew;
        }
    }

    /// <summary>False: there was no such subscription.</summary>
    public bool Unsubscribe(SessionSubscriber subscriber, TopicFilter filter)
    {
        lock (_gate)
        {
            var existed = Tree.Unsubscribe(subscriber, filter, out var wasLastLive);
            if (_hasPeers && wasLastLive)
            {
                Append(new RouteChange.FilterRemoved(filter.Filter));
            }
            else if (_hasPeers && existed && filter.IsShared && subscriber.IsLive)
            {
                Append(new RouteChange.MemberLeft(subscriber.Number, filter.Text));
            }

            return existed;
        }
    }

    /// <summary>A durable session's client is connected here: other nodes send it QoS 0, and pick it in shared groups before those who are not.</summary>
    public void Connected(SessionSubscriber subscriber, ClientConnection connection)
    {
        lock (_gate)
        {
            subscriber.Attach(connection);
            Tell(new RouteChange.ClientConnected(subscriber.ClientId, connection.Number));
        }
    }

    /// <summary>The connection is gone.</summary>
    public void Disconnected(SessionSubscriber subscriber, ClientConnection connection)
    {
        lock (_gate)
        {
            subscriber.Detach(connection);
            Tell(new RouteChange.ClientGone(subscriber.ClientId, connection.Number));
        }
    }

    /// <summary>The number of the last change: that of one's own, or of a later one.</summary>
    public long Barrier()
    {
        lock (_gate)
        {
            return _log.Last;
        }
    }

    /// <summary>
    /// True: every member routes by this change. False: <paramref name="then"/> is called, on some thread, once every member does or is gone (hard case 3).
    /// </summary>
    public bool IsKnownEverywhere(long number, Action then)
    {
        if (!_hasPeers)
        {
            return true;
        }

        lock (_gate)
        {
            if (_acknowledgements.Lowest >= number)
            {
                return true;
            }

            _acknowledgements.Wait(number, then);
            return false;
        }
    }

    /// <summary>A member counts from here on: all changes behind the snapshot that this answers go into the log.</summary>
    public (List<RouteChange> Snapshot, long Number) AddPeer(RemoteNode node)
    {
        lock (_gate)
        {
            _acknowledgements.Add(node.Address);
            _hasPeers = true;
            _peers = _peers.Contains(node) ? _peers : _peers.Add(node);
            return (RouteSnapshot.Take(Tree, durable), _log.Last);
        }
    }

    /// <summary>A member was removed.</summary>
    public void RemovePeer(RemoteNode node)
    {
        var released = new List<Action>();
        lock (_gate)
        {
            _acknowledgements.Remove(node.Address, released);
            _peers = _peers.Remove(node);
            _hasPeers = _acknowledgements.Count > 0;
            _log.Trim(_acknowledgements.Lowest);
        }

        released.ForEach(static action => action());
    }

    /// <summary>A member knows all changes up to this number.</summary>
    public void Acknowledge(RemoteNode node, long number, long barrier)
    {
        var released = new List<Action>();
        lock (_gate)
        {
            _acknowledgements.Acknowledge(node.Address, number, barrier, released);
            _log.Trim(_acknowledgements.Lowest);
        }

        released.ForEach(static action => action());
    }

    /// <summary>See <see cref="RouteLog.TryRead"/>.</summary>
    public bool TryRead(long from, int most, List<RouteChange> into)
    {
        lock (_gate)
        {
            return _log.TryRead(from, most, into);
        }
    }

    /// <summary>Applies what another node tells.</summary>
    public void Apply(Action<SubscriptionTree, DurableSubscribers, DurableRoutes> changes)
    {
        lock (_gate)
        {
            changes(Tree, durable, Durable);
        }
    }

    private void Tell(RouteChange change)
    {
        if (_hasPeers)
        {
            Append(change);
        }
    }

    private void Append(RouteChange change)
    {
        _log.Append(change);
        Changed();
    }
}
