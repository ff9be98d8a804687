namespace Broker.Actors.Clustering.Routes;

/// <summary>
/// The changes of this node's routes that some member has not acknowledged, numbered from 1. Bounded: who is further behind than it reaches gets a snapshot.
/// Not thread-safe.
/// </summary>
/// <param name="capacity">Changes kept at most.</param>
internal sealed class RouteLog(int capacity)
{
    private RouteChange[] _ring = new RouteChange[Math.Min(capacity, 64)];
    private int _count;

    /// <summary>The number of the last change.</summary>
    public long Last { get; private set; }

    /// <summary>The number of the first change that is still here.</summary>
    public long First => Last - _count + 1;

    /// <summary>Adds a change; its number.</summary>
    public long Append(RouteChange change)
    {
        if (_count == _ring.Length && _count < capacity)
        {
            Grow();
        }

        Last++;
        _count = Math.Min(_count + 1, _ring.Length);
        _ring[Last % _ring.Length] = change;
        return Last;
    }

    /// <summary>Forgets what nobody needs any more: everything up to this number.</summary>
    public void Trim(long number)
    {
        for (var i = First; i <= number && i <= Last; i++)
        {
            _ring[i % _ring.Length] = null!;
            _count--;
        }
    }

    /// <summary>Adds the changes from this number on, at most so many; false: it is not here any more.</summary>
    public bool TryRead(long from, int most, List<RouteChange> into)
    {
        if (from < First)
        {
            return false;
        }

        for (var i = from; i <= Last && i < from + most; i++)
        {
            into.Add(_ring[i % _ring.Length]);
        }

        return true;
    }

    private void Grow()
    {
        var ring = new RouteChange[Math.Min(capacity, _ring.Length * 4)];
        for (var i = First; i <= Last; i++)
        {
            ring[i % ring.Length] = _ring[i % _ring.Length];
        }

        _ring = ring;
    }
}
