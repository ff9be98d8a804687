using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Broker.Actors.Hosting;

namespace Broker.Actors.Sessions;

/// <summary>
/// Messages that wait for one session, first in first out, bounded by number and by bytes. Single-threaded; a small
/// array at most is held while it is empty.
/// </summary>
/// <param name="maxMessages">0: no limit.</param>
/// <param name="maxBytes">0: no limit.</param>
/// <param name="policy">Which message goes when one more does not fit.</param>
internal sealed class OutboundQueue<T>(int maxMessages, long maxBytes, QueueFullPolicy policy)
{
    private const int SmallestCapacity = 4;

    private int _maxMessages = maxMessages;
    private long _maxBytes = maxBytes;
    private QueueFullPolicy _policy = policy;
    private Entry[] _ring = [];
    private int _head;

    /// <summary>Messages waiting.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes waiting.</summary>
    public long Bytes { get; private set; }

    /// <summary>For a spec.</summary>
    internal int Capacity => _ring.Length;

    /// <summary>Other bounds for what comes from now on; what waits stays. 0: no limit.</summary>
    public void Limit(int maxMessages, long maxBytes, QueueFullPolicy policy) => (_maxMessages, _maxBytes, _policy) = (maxMessages, maxBytes, policy);

    /// <summary>
    /// Adds a message at the end and answers whether it is queued now. A message that exceeds the limit in bytes by
    /// itself is dropped under either policy: to empty the queue would not make it fit.
    /// </summary>
    /// <param name="item">The message.</param>
    /// <param name="bytes">What it counts, 0 or more.</param>
    /// <param name="dropped">Gets what the limits cost, be it older messages or this one; a caller keeps one collection for all calls.</param>
    public bool Enqueue(T item, int bytes, ICollection<T> dropped)
    {
        if (_maxBytes > 0 && bytes > _maxBytes)
        {
            dropped.Add(item);
            return false;
        }

        while (!Fits(bytes))
        {
            if (_policy == QueueFullPolicy.DropNewest)
            {
                dropped.Add(item);
                return false;
            }

            dropped.Add(Dequeue());
        }

        if (Count == _ring.Length)
        {
            Resize(Math.Max(SmallestCapacity, Count * 2));
        }

        _ring[Wrap(_head + Count)] = new Entry(item, bytes);
        Count++;
        Bytes += bytes;
        return true;
    }

    /// <summary>The oldest message, which stays.</summary>
    public bool TryPeek([MaybeNullWhen(false)] out T item)
    {
        item = Count == 0 ? default : _ring[_head].Item;
        return Count > 0;
    }

    /// <summary>Takes the oldest message.</summary>
    public bool TryDequeue([MaybeNullWhen(false)] out T item)
    {
        if (Count == 0)
        {
            item = default;
            return false;
        }

        item = Dequeue();
        return true;
    }

    /// <summary>Empties it.</summary>
    public void Clear()
    {
        _ring = [];
        _head = 0;
        Count = 0;
        Bytes = 0;
    }

    private bool Fits(int bytes) =>
        (_maxMessages == 0 || Count < _maxMessages) && (_maxBytes == 0 || Bytes + bytes <= _maxBytes);

    private T Dequeue()
    {
        Entry entry = _ring[_head];
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>())
        {
            _ring[_head] = default;
        }

        _head = Wrap(_head + 1);
        Count--;
        Bytes -= entry.Bytes;
        if (_ring.Length > SmallestCapacity && Count < _ring.Length / 4)
        {
            Resize(_ring.Length / 2);
        }

        return entry.Item;
    }

    private int Wrap(int position) => position < _ring.Length ? position : position - _ring.Length;

    private void Resize(int capacity)
    {
        var ring = new Entry[capacity];
        int first = Math.Min(Count, _ring.Length - _head);
        Array.Copy(_ring, _head, ring, 0, first);
        Array.Copy(_ring, 0, ring, first, Count - first);
        _ring = ring;
        _head = 0;
    }

    private readonly record struct Entry(T Item, int Bytes);
}
