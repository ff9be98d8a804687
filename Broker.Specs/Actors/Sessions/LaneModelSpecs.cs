using Broker.Actors.Sessions;
using Broker.Protocol.Packets;
using Broker.Specs.Actors.Connections;
using CsCheck;

namespace Broker.Specs.Actors.Sessions;

/// <summary>
/// Hard case 5 as a property: whatever is lost, repeated, answered late, or forgotten by an entity that starts again, the session ends up with every
/// message, and first sights are in the order of sending.
/// </summary>
public class LaneModelSpecs
{
    private enum Step
    {
        Send,
        ArriveAtEntity,
        LoseToEntity,
        Commit,
        ArriveAtOutbox,
        LoseAnswer,
        RestartEntity,
        Repeat,
    }

    [Fact]
    public void Losses_repeats_and_restarts_lose_nothing_and_keep_the_order() =>
        Gen.Enum<Step>().Array[10, 200].Sample(
            steps =>
            {
                var world = new World();
                foreach (var step in steps)
                {
                    world.Do(step);
                }

                world.Settle();
                return world.InOrderAndComplete;
            },
            iter: 5_000);

    private sealed class World
    {
        private readonly RecordingRef _outbox = new();
        private readonly List<long> _kept = [];
        private readonly Queue<SessionDelivery> _toEntity = new();
        private readonly Queue<object> _toOutbox = new();
        private readonly Queue<long> _committing = new();
        private OutboxLane _lane = new();
        private LanePlaces _places = new();
        private long _sent;

        /// <summary>The stored queue, repeats left out, is exactly what was sent.</summary>
        public bool InOrderAndComplete
        {
            get
            {
                var seen = new HashSet<long>();
                return _kept.Where(seen.Add).SequenceEqual(Enumerable.Range(1, (int)_sent).Select(number => (long)number));
            }
        }

        public void Do(Step step)
        {
            switch (step)
            {
                case Step.Send:
                    var delivery = new SessionDelivery("c", Packets.Message("t"), QualityOfService.AtLeastOnce, false, null, isShared: false, pending: null) { Outbox = _outbox };
                    _lane.Add(delivery, ++_sent, 0);
                    _toEntity.Enqueue(delivery);
                    break;
                case Step.ArriveAtEntity when _toEntity.TryDequeue(out var arrived):
                    Arrive(arrived);
                    break;
                case Step.LoseToEntity:
                    _toEntity.TryDequeue(out _);
                    break;
                case Step.Commit when _committing.TryDequeue(out var committed):
                    _kept.Add(committed);
                    Answer(committed);
                    break;
                case Step.ArriveAtOutbox when _toOutbox.TryDequeue(out var answer):
                    OnAnswer(answer);
                    break;
                case Step.LoseAnswer:
                    _toOutbox.TryDequeue(out _);
                    break;
                case Step.RestartEntity:
                    // What was not committed is gone, and so is the place in the lane; what travels from before is dropped with the shard.
                    _places = new LanePlaces();
                    _committing.Clear();
                    _toEntity.Clear();
                    break;
                case Step.Repeat:
                    Restart();
                    break;
            }
        }

        /// <summary>The network heals: repeats until everything is acknowledged.</summary>
        public void Settle()
        {
            for (var round = 0; !_lane.IsEmpty; round++)
            {
                round.Should().BeLessThan(10, "the lane gets stuck");
                Restart();
                while (_toEntity.Count + _committing.Count + _toOutbox.Count > 0)
                {
                    Do(Step.ArriveAtEntity);
                    Do(Step.Commit);
                    Do(Step.ArriveAtOutbox);
                }
            }
        }

        private void Arrive(SessionDelivery delivery)
        {
            switch (_places.Arrive(_outbox, delivery.Sequence, delivery.Previous))
            {
                case Arrival.Next:
                    _committing.Enqueue(delivery.Sequence);
                    break;
                case Arrival.Answered:
                    Answer(delivery.Sequence);
                    break;
                case Arrival.OutOfSequence:
                    _toOutbox.Enqueue(new SessionDelivery.OutOfSequence("c", delivery.Sequence));
                    break;
                case Arrival.InProgress:
                    break;
            }
        }

        private void Answer(long sequence)
        {
            _places.Answer(_outbox, sequence);
            _toOutbox.Enqueue(new SessionDelivery.Taken("c", sequence, DeliveryOutcome.Accepted));
        }

        private void OnAnswer(object answer)
        {
            if (answer is SessionDelivery.Taken taken)
            {
                _lane.Complete(taken.Sequence, taken.Outcome, 0);
                _lane = _lane.IsEmpty ? new OutboxLane() : _lane;
            }
            else if (answer is SessionDelivery.OutOfSequence refused && _lane.ShouldRestart(refused.Sequence))
            {
                Restart();
            }
        }

        private void Restart()
        {
            foreach (var again in _lane.Restart(0))
            {
                _toEntity.Enqueue(again);
            }
        }
    }
}
