using Akka.Cluster;

namespace Broker.Actors.Clustering.Routes;

/// <summary>How far each member has come with this node's changes, and who waits for them. Not thread-safe.</summary>
internal sealed class RouteAcknowledgements
{
    private readonly Dictionary<UniqueAddress, Progress> _members = [];
    private readonly PriorityQueue<Action, long> _waiting = new();

    /// <summary>Members that must know every change.</summary>
    public int Count => _members.Count;

    /// <summary>All have come so far; the largest number where there are none.</summary>
    public long Lowest
    {
        get
        {
            var lowest = long.MaxValue;
            foreach (var member in _members.Values)
            {
                lowest = Math.Min(lowest, member.Number);
            }

            return lowest;
        }
    }

    /// <summary>What each member named with its last acknowledgement; see <see cref="Routing.RouteTable.Barriers"/>.</summary>
    public (UniqueAddress Node, long Barrier)[] Barriers => [.. _members.Select(static member => (member.Key, member.Value.Barrier))];

    /// <summary>From now on it counts.</summary>
    public void Add(UniqueAddress node) => _members.TryAdd(node, new Progress(-1, 0));

    /// <summary>It counts no more; what may go on now is added to <paramref name="released"/>.</summary>
    public void Remove(UniqueAddress node, List<Action> released)
    {
        if (_members.Remove(node))
        {
            Release(released);
        }
    }

    /// <summary>The member knows all changes up to this number.</summary>
    public void Acknowledge(UniqueAddress node, long number, long barrier, List<Action> released)
    {
        if (_members.TryGetValue(node, out var progress))
        {
            _members[node] = new Progress(Math.Max(number, progress.Number), Math.Max(barrier, progress.Barrier));
            Release(released);
        }
    }

    /// <summary>Runs the action once all members know the change.</summary>
    public void Wait(long number, Action then) => _waiting.Enqueue(then, number);

    private void Release(List<Action> released)
    {
        var lowest = Lowest;
        while (_waiting.TryPeek(out _, out var number) && number <= lowest)
        {
            released.Add(_waiting.Dequeue());
        }
    }

    private readonly record struct Progress(long Number, long Barrier);
}
