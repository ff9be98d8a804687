using Akka.Actor;

namespace Broker.Actors.Sessions;

/// <summary>
/// How far a session's entity has come in the lane of each node that sends to it. It starts empty with the entity: a
/// delivery that follows one it never saw is out of sequence (hard case 5).
/// </summary>
internal sealed class LanePlaces
{
    private readonly Dictionary<IActorRef, Place> _places = [];

    /// <summary>How many nodes have sent to the session.</summary>
    public int Count => _places.Count;

    /// <summary>What to do with a delivery that has arrived.</summary>
    public Arrival Arrive(IActorRef outbox, long sequence, long previous)
    {
        if (!_places.TryGetValue(outbox, out var place))
        {
            if (previous != 0)
            {
                return Arrival.OutOfSequence;
            }

            // A node has one outbox: an older one of the same address is of a process that is no more.
            Forget(older => older.Path.Address.Equals(outbox.Path.Address));
            _places.Add(outbox, place = new Place());
        }
        else if (sequence <= place.Seen)
        {
            return sequence <= place.Answered ? Arrival.Answered : Arrival.InProgress;
        }
        else if (previous != 0 && previous != place.Seen)
        {
            return Arrival.OutOfSequence;
        }

        place.Seen = sequence;
        return Arrival.Next;
    }

    /// <summary>It is committed or refused, and its sender is told.</summary>
    public void Answer(IActorRef outbox, long sequence)
    {
        if (_places.TryGetValue(outbox, out var place))
        {
            place.Answered = Math.Max(place.Answered, sequence);
        }
    }

    /// <summary>Nothing comes from these any more.</summary>
    public void Forget(Predicate<IActorRef> isGone)
    {
        foreach (var outbox in _places.Keys)
        {
            if (isGone(outbox))
            {
                _places.Remove(outbox);
            }
        }
    }

    private sealed class Place
    {
        public long Seen { get; set; }

        public long Answered { get; set; }
    }
}

/// <summary>What a delivery is to the entity that it reaches.</summary>
internal enum Arrival
{
    /// <summary>New, and in its place.</summary>
    Next,

    /// <summary>A repeat of one that is being committed; its answer follows.</summary>
    InProgress,

    /// <summary>A repeat of one that has been answered: answer again.</summary>
    Answered,

    /// <summary>Something before it is missing.</summary>
    OutOfSequence,
}
