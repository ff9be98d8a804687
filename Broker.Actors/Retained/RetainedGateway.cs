using Broker.Actors.Routing;
using Broker.Actors.Sessions;

namespace Broker.Actors.Retained;

/// <summary>
/// This node's way to the owners of retained topics: numbers the writes that start here and knows which of them its copy
/// lacks. Any thread.
/// </summary>
internal sealed class RetainedGateway
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, Write> _inFlight = [];
    private readonly Dictionary<string, long> _latestByTopic = new(StringComparer.Ordinal);
    private readonly PriorityQueue<Action, long> _waiting = new();
    private long _last;

    /// <summary>The shard region of <see cref="RetainedActor"/>, and who takes its answers. Set once, before the first client.</summary>
    public Action<long, Publication> Send { get; set; } = (_, _) => throw new InvalidOperationException("The retained region is not there yet.");

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
        pending?.Expect();
        lock (_gate)
        {
            _inFlight[number].Pending = pending;
        }

        Send(number, publication);
    }

    /// <summary>This node's copy has the write, or the owner has refused it.</summary>
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

    /// <summary>Whether a write of this topic with a number above <paramref name="barrier"/> is on its way.</summary>
    public bool IsBeingWritten(string topic, long barrier)
    {
        lock (_gate)
        {
            return _latestByTopic.TryGetValue(topic, out var latest) && latest > barrier;
        }
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
