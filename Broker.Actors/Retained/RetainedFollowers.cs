namespace Broker.Actors.Retained;

/// <summary>How far the copies of the other members have come in one partition, and the writes that wait for them, in order.</summary>
/// <param name="nodes">The members when the owner starts, by uid.</param>
internal sealed class RetainedFollowers(IEnumerable<int> nodes)
{
    private readonly Dictionary<int, long> _passed = nodes.ToDictionary(static node => node, static _ => 0L);
    private readonly Queue<RetainedWrite> _waiting = [];

    /// <summary>There is nobody to wait for.</summary>
    public bool IsEmpty => _passed.Count == 0;

    /// <summary>Some write waits.</summary>
    public bool IsWaiting => _waiting.Count > 0;

    /// <summary>The newest version that was sent.</summary>
    public long LastSent { get; private set; }

    /// <summary>Every copy has the versions up to here.</summary>
    public long PassedByAll => _passed.Count == 0 ? LastSent : _passed.Values.Min();

    /// <summary>The partition is this far, and nobody waits for that.</summary>
    public void Begin(long version) => LastSent = Math.Max(LastSent, version);

    /// <summary>A write goes out to all.</summary>
    public void Send(RetainedWrite write)
    {
        LastSent = write.Version;
        _waiting.Enqueue(write);
    }

    /// <summary>A member joins: what was sent before it is in the database by then, where it reads it.</summary>
    public void Add(int node, long passed) => _passed.TryAdd(node, passed);

    /// <summary>A member is gone. Answers the writes that waited for it alone.</summary>
    public IReadOnlyList<RetainedWrite> Remove(int node)
    {
        _passed.Remove(node);
        return Release();
    }

    /// <summary>A member has everything up to here. Answers the writes that all have now.</summary>
    public IReadOnlyList<RetainedWrite> Passed(int node, long version)
    {
        if (!_passed.TryGetValue(node, out var before) || version <= before)
        {
            return [];
        }

        _passed[node] = version;
        return Release();
    }

    /// <summary>What waits and this member has not confirmed.</summary>
    public IEnumerable<RetainedWrite> Unconfirmed(int node) =>
        _passed.TryGetValue(node, out var passed) ? _waiting.Where(write => write.Version > passed) : [];

    private List<RetainedWrite> Release()
    {
        var released = new List<RetainedWrite>();
        var passed = PassedByAll;
        while (_waiting.TryPeek(out var first) && first.Version <= passed)
        {
            released.Add(_waiting.Dequeue());
        }

        return released;
    }
}
