namespace Broker.Actors.Routing;

/// <summary>
/// Items by key, one writer, any number of readers without locks. A reader takes <see cref="Slots"/> and skips the empty
/// ones: what stays in the list is never moved within an array that readers may hold, so it is never missed. Adding fills
/// spare capacity, removing leaves a hole, and both are paid for once in a while by a copy: O(1) amortised.
/// </summary>
internal sealed class SlotList<TKey, TItem>
    where TKey : class
    where TItem : class, IKeyed<TKey>
{
    /// <summary>Up to here a scan costs less than a dictionary's memory is worth.</summary>
    private const int LargestScan = 16;

    private const int SmallestCapacity = 2;

    private TItem?[] _slots = new TItem?[SmallestCapacity];

    /// <summary>Key to slot, the writer's own; null while the list is short.</summary>
    private Dictionary<TKey, int>? _index;

    private int _used;

    private int _count;

    /// <summary>Items; a reader may see a number that is about to change.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Any thread: the items and holes at this moment.</summary>
    public ReadOnlySpan<TItem?> Slots => Volatile.Read(ref _slots);

    /// <summary>The writer's: the item under a key.</summary>
    public TItem? Find(TKey key)
    {
        int slot = SlotOf(key);
        return slot < 0 ? null : _slots[slot];
    }

    /// <summary>The writer's: adds (true) or replaces (false).</summary>
    public bool Put(TItem item)
    {
        int slot = SlotOf(item.Key);
        if (slot >= 0)
        {
            Volatile.Write(ref _slots[slot], item);
            return false;
        }

        if (_used == _slots.Length)
        {
            Rebuild(_count > _slots.Length / 2 ? _slots.Length * 2 : _slots.Length);
        }

        Volatile.Write(ref _slots[_used], item);
        _index?.Add(item.Key, _used);
        _used++;
        Volatile.Write(ref _count, _count + 1);
        if (_index is null && _count > LargestScan)
        {
            BuildIndex();
        }

        return true;
    }

    /// <summary>The writer's: whether there was one.</summary>
    public bool Remove(TKey key)
    {
        int slot = SlotOf(key);
        if (slot < 0)
        {
            return false;
        }

        Volatile.Write(ref _slots[slot], null);
        _index?.Remove(key);
        Volatile.Write(ref _count, _count - 1);
        if (_index is not null && _count < LargestScan / 2)
        {
            _index = null;
        }

        if (_count < _slots.Length / 4)
        {
            Rebuild(_slots.Length / 2);
        }

        return true;
    }

    private int SlotOf(TKey key)
    {
        if (_index is not null)
        {
            return _index.TryGetValue(key, out int slot) ? slot : -1;
        }

        for (int i = 0; i < _used; i++)
        {
            if (_slots[i] is { } item && item.Key.Equals(key))
            {
                return i;
            }
        }

        return -1;
    }

    private void Rebuild(int capacity)
    {
        var slots = new TItem?[Math.Max(capacity, SmallestCapacity)];
        int used = 0;
        foreach (TItem? item in _slots)
        {
            if (item is not null)
            {
                slots[used++] = item;
            }
        }

        Volatile.Write(ref _slots, slots);
        _used = used;
        if (_index is not null)
        {
            BuildIndex();
        }
    }

    private void BuildIndex()
    {
        _index = new Dictionary<TKey, int>(_count);
        for (int i = 0; i < _used; i++)
        {
            if (_slots[i] is { } item)
            {
                _index.Add(item.Key, i);
            }
        }
    }
}
