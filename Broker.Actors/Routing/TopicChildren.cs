namespace Broker.Actors.Routing;

/// <summary>
/// The children of a <see cref="TopicNode"/> that has several: a hash table with open addressing. Readers take no lock: a
/// slot changes from empty to a node, from a node to another for the same level, or to the mark of a removed one, and a new
/// array is filled before it is published, so that a search never misses a child that stays.
/// </summary>
internal sealed class TopicChildren
{
    private const int SmallestCapacity = 4;

    /// <summary>U+0000 is in no topic: nothing finds this one.</summary>
    private static readonly TopicNode Removed = new("\0", 0, 1, 0);

    /// <summary>A power of two, at most half of them used, so that a search for what is not there is short as well.</summary>
    private TopicNode?[] _slots = new TopicNode?[SmallestCapacity];

    private TopicNode? _singleLevelWildcard;

    /// <summary>Slots that are not empty, the removed ones included.</summary>
    private int _used;

    private int _live;

    /// <summary>The child that is <c>+</c>.</summary>
    public TopicNode? SingleLevelWildcard => Volatile.Read(ref _singleLevelWildcard);

    /// <summary>Any thread: empty, removed (an empty node) and live children, the one that is <c>+</c> not among them.</summary>
    public ReadOnlySpan<TopicNode?> Slots => Volatile.Read(ref _slots);

    /// <summary>The only child, where there is but one.</summary>
    public TopicNode? Single
    {
        get
        {
            if (_live + (_singleLevelWildcard is null ? 0 : 1) != 1)
            {
                return null;
            }

            return _singleLevelWildcard ?? Array.Find(_slots, node => node is not null && node != Removed);
        }
    }

    /// <summary>Any thread: the child with this first level, which is not <c>+</c>.</summary>
    public TopicNode? Find(ReadOnlySpan<char> level, int hash)
    {
        TopicNode?[] slots = Volatile.Read(ref _slots);
        int mask = slots.Length - 1;
        for (int i = hash & mask; ; i = (i + 1) & mask)
        {
            TopicNode? node = Volatile.Read(ref slots[i]);
            if (node is null || (node.Hash == hash && node.BeginsWith(level)))
            {
                return node;
            }
        }
    }

    /// <summary>The writer's: adds a child that is not there.</summary>
    public void Add(TopicNode child)
    {
        if (child.IsSingleLevelWildcard)
        {
            Volatile.Write(ref _singleLevelWildcard, child);
            return;
        }

        if ((_used + 1) * 2 > _slots.Length)
        {
            Rebuild((_live + 1) * 4 > _slots.Length ? _slots.Length * 2 : _slots.Length);
        }

        int slot = FreeSlot(_slots, child.Hash);
        if (_slots[slot] is null)
        {
            _used++;
        }

        _live++;
        Volatile.Write(ref _slots[slot], child);
    }

    /// <summary>The writer's: removes a child that is there.</summary>
    public void Remove(TopicNode child)
    {
        if (child.IsSingleLevelWildcard)
        {
            Volatile.Write(ref _singleLevelWildcard, null);
            return;
        }

        int mask = _slots.Length - 1;
        int slot = SlotOf(child);
        Volatile.Write(ref _slots[slot], Removed);
        _live--;
        ClearRemovedBefore((slot + 1) & mask, mask);
        if (_slots.Length > SmallestCapacity && _live * 8 < _slots.Length)
        {
            Rebuild(_slots.Length / 2);
        }
    }

    /// <summary>The writer's: puts another node with the same first level in the place of one that is there.</summary>
    public void Replace(TopicNode child, TopicNode other) => Volatile.Write(ref _slots[SlotOf(child)], other);

    private int SlotOf(TopicNode child)
    {
        int mask = _slots.Length - 1;
        int slot = child.Hash & mask;
        while (_slots[slot] != child)
        {
            slot = (slot + 1) & mask;
        }

        return slot;
    }

    /// <summary>No search goes on behind an empty slot, so removed ones before it can be empty as well.</summary>
    private void ClearRemovedBefore(int slot, int mask)
    {
        if (_slots[slot] is not null)
        {
            return;
        }

        for (int i = (slot - 1) & mask; _slots[i] == Removed; i = (i - 1) & mask)
        {
            Volatile.Write(ref _slots[i], null);
            _used--;
        }
    }

    private void Rebuild(int capacity)
    {
        var slots = new TopicNode?[capacity];
        foreach (TopicNode? node in _slots)
        {
            if (node is not null && node != Removed)
            {
                slots[FreeSlot(slots, node.Hash)] = node;
            }
        }

        Volatile.Write(ref _slots, slots);
        _used = _live;
    }

    private static int FreeSlot(TopicNode?[] slots, int hash)
    {
        int mask = slots.Length - 1;
        int slot = hash & mask;
        while (slots[slot] is { } node && node != Removed)
        {
            slot = (slot + 1) & mask;
        }

        return slot;
    }
}
