namespace Broker.Actors.Sessions;

/// <summary>The unacknowledged deliveries of one node to one durable session, in order.</summary>
internal sealed class OutboxLane
{
    private readonly Queue<SessionDelivery> _unacknowledged = [];
    private long _last;
    private long _restartedUpTo;

    public bool IsEmpty => _unacknowledged.Count == 0;

    /// <summary>Timestamp of the last answer or sending.</summary>
    public long LastProgress { get; private set; }

    /// <param name="delivery">The newest; it says what it follows.</param>
    /// <param name="sequence">Higher than any before from this node.</param>
    /// <param name="now">Timestamp.</param>
    public void Add(SessionDelivery delivery, long sequence, long now)
    {
        delivery.Sequence = sequence;
        delivery.Previous = IsEmpty ? 0 : _last;
        _last = sequence;
        if (IsEmpty)
        {
            LastProgress = now;
        }

        _unacknowledged.Enqueue(delivery);
    }

    /// <summary>Entities answer in order, so an answer stands for all before it; one that was answered already is ignored.</summary>
    public void Complete(long sequence, DeliveryOutcome outcome, long now)
    {
        while (_unacknowledged.TryPeek(out var first) && first.Sequence <= sequence)
        {
            _unacknowledged.Dequeue();
            first.Pending?.Complete(outcome);
            LastProgress = now;
        }
    }

    /// <summary>False for the refusals of what was sent before the last restart: each delivery behind a gap is refused.</summary>
    public bool ShouldRestart(long sequence) => !IsEmpty && sequence > _restartedUpTo;

    /// <summary>Everything unacknowledged, to be sent again; the first may start a new entity's place in the lane.</summary>
    public List<SessionDelivery> Restart(long now)
    {
        LastProgress = now;
        _restartedUpTo = _last;
        var again = new List<SessionDelivery>(_unacknowledged.Count);
        var previous = 0L;
        foreach (var delivery in _unacknowledged)
        {
            again.Add(delivery.After(previous));
            previous = delivery.Sequence;
        }

        return again;
    }
}
