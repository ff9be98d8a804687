using Broker.Actors.Routing;

namespace Broker.Actors.Sessions;

/// <summary>
/// The ids of QoS 2 messages that a session has taken, also after their delivery, as long as their publisher may send
/// them again (hard case 4).
/// </summary>
internal sealed class ReceivedMessages
{
    private readonly Dictionary<long, SortedSet<long>> _byOrigin = [];

    public int Count { get; private set; }

    /// <summary>False: it was here before.</summary>
    /// <param name="id">The message.</param>
    /// <param name="lowestUnreleased">Numbers below it are forgotten: they will not come again.</param>
    public bool TryAdd(MessageId id, long lowestUnreleased)
    {
        if (!id.IsSet)
        {
            return true;
        }

        if (!_byOrigin.TryGetValue(id.Origin, out var numbers))
        {
            _byOrigin.Add(id.Origin, numbers = []);
        }

        while (numbers.Count > 0 && numbers.Min < lowestUnreleased)
        {
            numbers.Remove(numbers.Min);
            Count--;
        }

        if (!numbers.Add(id.Number))
        {
            return false;
        }

        Count++;
        return true;
    }

    /// <summary>It was refused after all: sent again, it is new.</summary>
    public void Remove(MessageId id)
    {
        if (id.IsSet && _byOrigin.TryGetValue(id.Origin, out var numbers) && numbers.Remove(id.Number))
        {
            Count--;
        }
    }
}
