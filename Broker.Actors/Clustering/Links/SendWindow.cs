using System.Diagnostics.CodeAnalysis;

namespace Broker.Actors.Clustering.Links;

/// <summary>
/// What was sent to a peer and is not acknowledged: numbered from 1, acknowledged up to a number, sent again from the first. Bounded, whatever the peer does.
/// Single-threaded.
/// </summary>
/// <param name="maxItems">Unacknowledged at most.</param>
/// <param name="maxBytes">Unacknowledged at most; one item is always allowed.</param>
internal sealed class SendWindow<T>(int maxItems, long maxBytes)
{
    private readonly Queue<(T Item, int Bytes)> _sent = [];
    private long _bytes;

    /// <summary>The number of the last one sent.</summary>
    public long Last { get; private set; }

    /// <summary>All up to here have been acknowledged.</summary>
    public long Acknowledged => Last - _sent.Count;

    /// <summary>Those that have not been.</summary>
    public int Count => _sent.Count;

    /// <summary>Whether all have been.</summary>
    public bool IsEmpty => _sent.Count == 0;

    /// <summary>Whether another one may be sent.</summary>
    public bool HasRoom => _sent.Count == 0 || (_sent.Count < maxItems && _bytes < maxBytes);

    /// <summary>The number of this one, which is sent now.</summary>
    public long Add(T item, int bytes)
    {
        _sent.Enqueue((item, bytes));
        _bytes += bytes;
        return ++Last;
    }

    /// <summary>Takes the next one that is acknowledged by this number; false: there is none.</summary>
    public bool TryAcknowledge(long sequence, [MaybeNullWhen(false)] out T item)
    {
        if (Acknowledged >= Math.Min(sequence, Last))
        {
            item = default;
            return false;
        }

        (item, var bytes) = _sent.Dequeue();
        _bytes -= bytes;
        return true;
    }

    /// <summary>What is unacknowledged, in order, the first with the number behind <see cref="Acknowledged"/>.</summary>
    public IEnumerable<(long Sequence, T Item)> Unacknowledged()
    {
        var sequence = Acknowledged;
        foreach (var (item, _) in _sent)
        {
            yield return (++sequence, item);
        }
    }
}
