namespace Broker.Actors.Storage;

/// <summary>Finds the wills and expiries that nobody holds in memory (hard case 8). Times are by the database's clock.</summary>
internal interface IConnectionStore
{
    /// <summary>Open connections of a node, whatever it does.</summary>
    IAsyncEnumerable<StoredConnection> ReadOpenAsync(long nodeKey, CancellationToken cancellation);

    /// <summary>
    /// The node is gone: its open connections count as closed from now. Null: those of every node that is revoked or has been replaced by a later registration
    /// of its address. Answers how many there were.
    /// </summary>
    Task<int> StampDisconnectedAsync(long? nodeKey, CancellationToken cancellation);

    /// <summary>Closed connections whose will or session expiry is due, at most <paramref name="most"/>, the longest due first. They stay until written.</summary>
    Task<IReadOnlyList<StoredConnection>> ReadDueAsync(int most, CancellationToken cancellation);
}
