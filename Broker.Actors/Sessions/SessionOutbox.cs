using Akka.Actor;

namespace Broker.Actors.Sessions;

/// <summary>
/// This node's sender to durable sessions wherever they are: keeps the order within each lane (this node to one
/// session), repeats what is not answered, and starts again where an entity lost its place (hard case 5).
/// </summary>
internal sealed class SessionOutbox : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan RepeatAfter = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, OutboxLane> _lanes = new(StringComparer.Ordinal);
    private readonly IActorRef _sessions;
    private readonly TimeProvider _time;
    private long _lastSequence;

    public SessionOutbox(IActorRef sessions, TimeProvider time)
    {
        _sessions = sessions;
        _time = time;
        Receive<SessionDelivery[]>(OnDeliveries);
        Receive<SessionDelivery.Taken>(OnTaken);
        Receive<SessionDelivery.OutOfSequence>(OnOutOfSequence);
        Receive<Repeat>(_ => OnRepeat());
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override void PreStart() => Timers.StartPeriodicTimer(nameof(Repeat), Repeat.Instance, RepeatAfter);

    private void OnDeliveries(SessionDelivery[] deliveries)
    {
        foreach (var delivery in deliveries)
        {
            if (!_lanes.TryGetValue(delivery.ClientId, out var lane))
            {
                _lanes.Add(delivery.ClientId, lane = new OutboxLane());
            }

            delivery.Outbox = Self;
            lane.Add(delivery, ++_lastSequence, _time.GetTimestamp());
            _sessions.Tell(delivery);
        }
    }

    private void OnTaken(SessionDelivery.Taken taken)
    {
        if (!_lanes.TryGetValue(taken.ClientId, out var lane))
        {
            return;
        }

        lane.Complete(taken.Sequence, taken.Outcome, _time.GetTimestamp());
        if (lane.IsEmpty)
        {
            _lanes.Remove(taken.ClientId);
        }
    }

    private void OnOutOfSequence(SessionDelivery.OutOfSequence answer)
    {
        // Each of the deliveries behind the gap is refused; only the first refusal starts the lane again.
        if (_lanes.TryGetValue(answer.ClientId, out var lane) && lane.ShouldRestart(answer.Sequence))
        {
            Send(lane);
        }
    }

    private void OnRepeat()
    {
        foreach (var lane in _lanes.Values)
        {
            if (_time.GetElapsedTime(lane.LastProgress) >= RepeatAfter)
            {
                Send(lane);
            }
        }
    }

    private void Send(OutboxLane lane)
    {
        foreach (var delivery in lane.Restart(_time.GetTimestamp()))
        {
            _sessions.Tell(delivery);
        }
    }

    private sealed class Repeat : INotInfluenceReceiveTimeout
    {
        public static Repeat Instance { get; } = new();
    }
}
