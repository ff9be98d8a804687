using Broker.Actors.Routing;

namespace Broker.Actors.Sessions;

/// <summary>
/// The ids of QoS 2 messages that a session has taken, also after their delivery, as long as their publisher may send
/// them again (hard case 4). What the store has is the truth, which forgets publishers whose sessions have ended; here the publishers that sent nothing for
/// longest are forgotten where there are too many. Should one of those send again what it sent, the store refuses the double, and the session is loaded again
/// with all ids.
/// </summary>
internal sealed class ReceivedMessages
{
    /// <summary>Publishers remembered beside those that were loaded.</summary>
    public const int MostOrigins = 4_096;

    private readonly Dictionary<long, Origin> _origins = [];
    private readonly LinkedList<long> _byUse = [];
    private int _loaded;

    public int Count { get; private set; }

    /// <summary>As the store has it.</summary>
    public void Restore(MessageId id)
    {
        Add(Find(id.Origin), id.Number);
        _loaded = _origins.Count;
    }

    /// <summary>False: it was here before.</summary>
    /// <param name="id">The message.</param>
    /// <param name="lowestUnreleased">Numbers below it are forgotten: they will not come again.</param>
    public bool TryAdd(MessageId id, long lowestUnreleased)
    {
        if (!id.IsSet)
        {
            return true;
        }

        var origin = Find(id.Origin);
        var numbers = origin.Numbers;
        while (numbers.Count > 0 && numbers.Min < lowestUnreleased)
        {
            numbers.Remove(numbers.Min);
            Count--;
        }

        if (!Add(origin, id.Number))
        {
            return false;
        }

        if (_origins.Count > _loaded + MostOrigins)
        {
            Forget(_byUse.First!);
        }

        return true;
    }

    /// <summary>It was refused after all: sent again, it is new.</summary>
    public void Remove(MessageId id)
    {
        if (id.IsSet && _origins.TryGetValue(id.Origin, out var origin) && origin.Numbers.Remove(id.Number))
        {
            Count--;
        }
    }

    private bool Add(Origin origin, long number)
    {
        if (!origin.Numbers.Add(number))
        {
            return false;
        }

        Count++;
        return true;
    }

    private Origin Find(long key)
    {
        if (_origins.TryGetValue(key, out var origin))
        {
            _byUse.Remove(origin.Place);
            _byUse.AddLast(origin.Place);
        }
        else
        {
            _origins.Add(key, origin = new Origin(_byUse.AddLast(key)));
        }

        return origin;
    }

    private void Forget(LinkedListNode<long> place)
    {
        Count -= _origins[place.Value].Numbers.Count;
        _origins.Remove(place.Value);
        _byUse.Remove(place);
    }

    private sealed class Origin(LinkedListNode<long> place)
    {
        public LinkedListNode<long> Place { get; } = place;

        public SortedSet<long> Numbers { get; } = [];
    }
}
