namespace Broker.Actors.Connections;

/// <summary>The connections of one event loop, and those of them that are held until other loops have caught up. On that loop only.</summary>
internal sealed class LoopConnections(EventLoopContext loop)
{
    private readonly List<ClientConnection> _all = [];
    private readonly List<ClientConnection> _held = [];

    public int Count => _all.Count;

    public void Add(ClientConnection connection)
    {
        connection.LoopSlot = _all.Count;
        _all.Add(connection);
    }

    public void Remove(ClientConnection connection)
    {
        var last = _all[^1];
        _all[connection.LoopSlot] = last;
        last.LoopSlot = connection.LoopSlot;
        _all.RemoveAt(_all.Count - 1);
        _held.Remove(connection);
    }

    /// <summary>Held until <see cref="ReleaseHeld"/>.</summary>
    public void Hold(ClientConnection connection) => _held.Add(connection);

    public void ReleaseHeld()
    {
        if (_held.Count == 0)
        {
            return;
        }

        var held = _held.ToArray();
        _held.Clear();
        foreach (var connection in held)
        {
            connection.Release(HoldReasons.Congestion);
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

    public ClientConnection[] Snapshot() => [.. _all];
}
