using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;

namespace Broker.Actors.Clustering.Membership;

/// <summary>
/// The other nodes, as this one sees them. A node counts from when it is seen to join until it is removed, reachable or not: what every member must know or
/// confirm waits for each of them. Any thread.
/// </summary>
internal sealed class ClusterMembers(UniqueAddress self)
{
    private readonly Lock _gate = new();
    private readonly HashSet<IActorRef> _observers = [];
    private readonly HashSet<UniqueAddress> _unsettled = [];
    private ImmutableArray<UniqueAddress> _others = [];

    /// <summary>This process; another one under the same address has another uid.</summary>
    public UniqueAddress Self { get; } = self;

    /// <summary>Of a node that has no cluster.</summary>
    public static ClusterMembers Alone() => new(new UniqueAddress(new Address("akka", "mqtt"), 0));

    /// <summary>Every member but this one.</summary>
    public ImmutableArray<UniqueAddress> Others => _others;

    /// <summary>
    /// True: every node that was removed may be taken over, because it can commit nothing and serve nobody any more (hard case 1).
    /// </summary>
    public bool IsSettled
    {
        get
        {
            lock (_gate)
            {
                return _unsettled.Count == 0;
            }
        }
    }

    /// <summary>
    /// From now on the actor is told <see cref="MemberAdded"/>, <see cref="MemberGone"/> and <see cref="MemberSettled"/>, in order; at once of those that
    /// are members already.
    /// </summary>
    public void Subscribe(IActorRef observer)
    {
        lock (_gate)
        {
            _observers.Add(observer);
            foreach (var node in _others)
            {
                observer.Tell(new MemberAdded(node), ActorRefs.NoSender);
            }
        }
    }

    /// <summary>It hears no more.</summary>
    public void Unsubscribe(IActorRef observer)
    {
        lock (_gate)
        {
            _observers.Remove(observer);
        }
    }

    /// <summary>A node joins.</summary>
    public void Add(UniqueAddress node)
    {
        lock (_gate)
        {
            if (!node.Equals(Self) && !_others.Contains(node))
            {
                _others = _others.Add(node);
                Tell(new MemberAdded(node));
            }
        }
    }

    /// <summary>A node was removed; nothing of it is taken over before <see cref="Settle"/>.</summary>
    public void Remove(UniqueAddress node)
    {
        lock (_gate)
        {
            if (_others.Contains(node))
            {
                _unsettled.Add(node);
                _others = _others.Remove(node);
                Tell(new MemberGone(node));
            }
        }
    }

    /// <summary>The removed node is revoked, and has confirmed, or cannot be serving any more.</summary>
    public void Settle(UniqueAddress node)
    {
        lock (_gate)
        {
            if (_unsettled.Remove(node))
            {
                Tell(new MemberSettled(node));
            }
        }
    }

    private void Tell(object change)
    {
        foreach (var observer in _observers)
        {
            observer.Tell(change, ActorRefs.NoSender);
        }
    }
}

/// <summary>From now on this node counts.</summary>
internal sealed record MemberAdded(UniqueAddress Node);

/// <summary>The node is no member any more; it may not know yet.</summary>
internal sealed record MemberGone(UniqueAddress Node);

/// <summary>What was the removed node's may be taken over.</summary>
internal sealed record MemberSettled(UniqueAddress Node);
