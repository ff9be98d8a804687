namespace Broker.Actors.Connections;

/// <summary>The connections of one event loop that are held for one reason, until it has passed for all of them. On that loop only.</summary>
internal sealed class HeldConnections(HoldReasons reason)
{
    private readonly List<ClientConnection> _held = [];

    public HoldReasons Reason => reason;

    public void Add(ClientConnection connection) => _held.Add(connection);

    public void Remove(ClientConnection connection) => _held.Remove(connection);

    public void Release()
    {
        if (_held.Count == 0)
        {
            return;
        }

        // Reading on may hold it again.
        var held = _held.ToArray();
        _held.Clear();
        foreach (var connection in held)
        {
            connection.Release(reason);
        }
    }
}
