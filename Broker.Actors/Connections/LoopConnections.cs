namespace Broker.Actors.Connections;

/// <summary>The connections of one event loop, and those of them that are held. On that loop only.</summary>
internal sealed class LoopConnections(EventLoopContext loop)
{
    private readonly List<ClientConnection> _all = [];
    private bool _isHeld;

    public int Count => _all.Count;

    /// <summary>Held until other loops have caught up.</summary>
    public HeldConnections ForLoops { get; } = new(HoldReasons.Congestion);

    /// <summary>Held until the store has room.</summary>
    public HeldConnections ForStore { get; } = new(HoldReasons.Store);

    /// <summary>Held until there is room on the disk.</summary>
    public HeldConnections ForDisk { get; } = new(HoldReasons.Disk);

    public void Add(ClientConnection connection)
    {
        connection.LoopSlot = _all.Count;
        _all.Add(connection);
        if (_isHeld)
        {
            connection.Hold(HoldReasons.Membership);
        }
    }

    /// <summary>Holds all, and whoever comes meanwhile, or releases them.</summary>
    public void HoldAll(bool isHeld)
    {
        _isHeld = isHeld;
        foreach (var connection in _all.ToArray())
        {
            if (isHeld)
            {
                connection.Hold(HoldReasons.Membership);
            }
            else
            {
                connection.Release(HoldReasons.Membership);
            }
        }
    }

    public void Remove(ClientConnection connection)
    {
        var last = _all[^1];
        _all[connection.LoopSlot] = last;
        last.LoopSlot = connection.LoopSlot;
        _all.RemoveAt(_all.Count - 1);
        ForLoops.Remove(connection);
        ForStore.Remove(connection);
        ForDisk.Remove(connection);
    }

    /// <summary>Other limits hold than before.</summary>
    public void ApplyLimits()
    {
        foreach (var connection in _all)
        {
            connection.ApplyLimits();
        }
    }

    /// <summary>Other traces run than before.</summary>
    public void Retrace()
    {
        foreach (var connection in _all)
        {
            connection.Retrace();
        }
    }

    /// <summary>Once a second: ends the connections whose time is up.</summary>
    public void CheckTimeouts()
    {
        var now = loop.Tick;
        for (var i = _all.Count - 1; i >= 0; i--)
        {
            // A connection that closes leaves the list, and the last one takes its place: it was looked at already.
            _all[i].CheckTimeout(now);
        }
    }
}
