namespace Broker.Actors.Connections.Bans;

/// <summary>
/// Counts what each has done within a window, and bans who does too much of it. Holds so many at most: whoever has done nothing for longest is forgotten
/// first, so that somebody who uses ever new names costs no more memory. Any thread.
/// </summary>
/// <param name="most">As many as this within the window get a ban.</param>
/// <param name="window">From the first that counts.</param>
/// <param name="duration">Of a ban.</param>
/// <param name="time">The clock.</param>
/// <param name="capacity">How many are remembered.</param>
internal sealed class BanList<TKey>(int most, TimeSpan window, TimeSpan duration, TimeProvider time, int capacity = BanList<TKey>.Capacity)
    where TKey : notnull
{
    /// <summary>About 20 MB at worst.</summary>
    private const int Capacity = 100_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _byUse = [];
    private long _given;

    /// <summary>How many are remembered now.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>Bans that have ever begun.</summary>
    public long Given => Volatile.Read(ref _given);

    /// <summary>Bans that are in force now, of those that are remembered.</summary>
    public int CountInForce()
    {
        lock (_lock)
        {
            return _byUse.Count(IsBanned);
        }
    }

    /// <summary>Counts once more; true: that was one too many, and the ban begins.</summary>
    public bool Add(TKey key)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            var entry = Use(key, now);
            if (entry.BannedAt is not null || ++entry.Count < most)
            {
                return false;
            }

            entry.BannedAt = now;
            _given++;
            return true;
        }
    }

    /// <summary>Whether it is banned now.</summary>
    public bool Has(TKey key)
    {
        lock (_lock)
        {
            return _entries.TryGetValue(key, out var node) && IsBanned(node.Value);
        }
    }

    private Entry Use(TKey key, long now)
    {
        if (_entries.TryGetValue(key, out var node))
        {
            _byUse.Remove(node);
            if (IsOver(node.Value))
            {
                node.Value = new Entry(key, now);
            }
        }
        else
        {
            node = new LinkedListNode<Entry>(new Entry(key, now));
            _entries[key] = node;
            if (_entries.Count > capacity)
            {
                _entries.Remove(_byUse.First!.Value.Key);
                _byUse.RemoveFirst();
            }
        }

        _byUse.AddLast(node);
        return node.Value;
    }

    private bool IsBanned(Entry entry) => entry.BannedAt is { } since && time.GetElapsedTime(since) < duration;

    private bool IsOver(Entry entry) =>
        entry.BannedAt is { } since ? time.GetElapsedTime(since) >= duration : time.GetElapsedTime(entry.Began) >= window;

    private sealed class Entry(TKey key, long began)
    {
        public TKey Key => key;

        public long Began => began;

        public int Count { get; set; }

        public long? BannedAt { get; set; }
    }
}
