using System.Collections.Concurrent;
using Broker.Actors.Routing;
using Broker.Actors.Sessions;

namespace Broker.Actors.Retained;

/// <summary>
/// This node's way to the owners of retained topics: numbers the writes that start here and knows which of them its copy
/// lacks. Any thread.
/// </summary>
/// <param name="self">The uid of this node.</param>
/// <param name="time">The clock.</param>
internal sealed class RetainedGateway(int self, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, Write> _inFlight = [];
    private readonly Dictionary<string, long> _latestByTopic = new(StringComparer.Ordinal);
    private readonly PriorityQueue<Action, long> _waiting = new();
    private readonly ConcurrentDictionary<int, long> _reached = new();
    private long _last;

    /// <summary>This node's <see cref="RetainedOutbox"/>. Set once, before the first client.</summary>
    public Action<long, Publication> Send { get; set; } = (_, _) => throw new InvalidOperationException("The retained outbox is not there yet.");

    /// <summary>This node's <see cref="RetainedReads"/>. Set once, before the first client.</summary>
    public Action<RetainedBarriers, Action> AwaitOthers { get; set; } =
        (_, _) => throw new InvalidOperationException("Nobody asks other nodes yet.");

    /// <summary>Writes of other nodes that arrived here live.</summary>
    public RemoteRetainedWrites Remote { get; } = new(time);

    /// <summary>Announces a write before its publication is matched.</summary>
    public long Begin(Publication publication)
    {
        lock (_gate)
        {
            _inFlight.Add(++_last, new Write(publication.Topic));
            _latestByTopic[publication.Topic] = _last;
            return _last;
        }
    }

    /// <summary>Sends the write to the topic's owner; <paramref name="pending"/> waits until it is applied.</summary>
    public void Submit(long number, Publication publication, PendingPublish? pending)
    {
        pending?.ExpectWrite();
        lock (_gate)
        {
            _inFlight[number].Pending = pending;
        }

        Send(number, publication);
    }

    /// <summary>The copies of all nodes have the write, or the owner has refused it.</summary>
    public void Complete(long number, DeliveryOutcome outcome)
    {
        Write? write;
        List<Action>? released = null;
        lock (_gate)
        {
            if (!_inFlight.Remove(number, out write))
            {
                return;
            }

            if (_latestByTopic.TryGetValue(write.Topic, out var latest) && latest == number)
            {
                _latestByTopic.Remove(write.Topic);
            }

            var lowest = Lowest();
            while (_waiting.TryPeek(out _, out var barrier) && barrier < lowest)
            {
                (released ??= []).Add(_waiting.Dequeue());
            }
        }

        write.Pending?.Complete(outcome);
        released?.ForEach(static action => action());
    }

    /// <summary>The number of the last write announced.</summary>
    public long Barrier()
    {
        lock (_gate)
        {
            return _last;
        }
    }

    /// <summary>As <see cref="Barrier"/>; those of other nodes are added as they take up the routes.</summary>
    public RetainedBarriers Barriers() => new(self, Barrier());

    /// <summary>As <see cref="IsCaughtUp(long, Action)"/>, for the writes of all nodes.</summary>
    public bool IsCaughtUp(RetainedBarriers barriers, Action caughtUp)
    {
        if (!barriers.IsAwaitingOthers)
        {
            return IsCaughtUp(barriers.Own, caughtUp);
        }

        AwaitOthers(barriers, () =>
        {
            if (IsCaughtUp(barriers.Own, caughtUp))
            {
                caughtUp();
            }
        });
        return false;
    }

    /// <summary>
    /// True: the copy has every write up to <paramref name="barrier"/>. False: <paramref name="caughtUp"/> is called when it has, on some thread.
    /// </summary>
    public bool IsCaughtUp(long barrier, Action caughtUp)
    {
        lock (_gate)
        {
            if (Lowest() > barrier)
            {
                return true;
            }

            _waiting.Enqueue(caughtUp, barrier);
            return false;
        }
    }

    /// <summary>All other nodes have taken up the routes: from where on does each match with them?</summary>
    public void AddOthers(RetainedBarriers barriers, RouteTable routes)
    {
        if (!routes.HasPeers)
        {
            return;
        }

        foreach (var (node, number) in routes.Barriers)
        {
            barriers.Add(node.Uid, number, _reached.TryGetValue(node.Uid, out var reached) ? number <= reached : number == 0);
        }
    }

    /// <summary>Every copy has what another node has published up to this number.</summary>
    public void Reached(int node, long number) => _reached.AddOrUpdate(node, number, (_, before) => Math.Max(before, number));

    /// <summary>Whether a write of this topic that comes behind the barriers is on its way to this node's copy.</summary>
    public bool IsBeingWritten(string topic, RetainedBarriers barriers)
    {
        lock (_gate)
        {
            if (_latestByTopic.TryGetValue(topic, out var latest) && latest > barriers.Own)
            {
                return true;
            }
        }

        return Remote.IsBeingWritten(topic, barriers);
    }

    private long Lowest()
    {
        foreach (var (number, _) in _inFlight)
        {
            return number;
        }

        return long.MaxValue;
    }

    private sealed class Write(string topic)
    {
        public string Topic { get; } = topic;

        public PendingPublish? Pending { get; set; }
    }
}
