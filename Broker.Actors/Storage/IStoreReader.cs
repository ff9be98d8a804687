namespace Broker.Actors.Storage;

/// <summary>
/// What the store holds. Any thread. Unlike writes, a read fails when the database is away: the caller decides whether to try again.
/// </summary>
internal interface IStoreReader
{
    /// <summary>
    /// False: this client id has no durable session, nor a connection with a will, known without asking the database. True: <see cref="LoadAsync"/> tells.
    /// </summary>
    bool MayHaveSession(string clientId);

    /// <summary>A handle for a session that does not exist yet; <see cref="StoreWrite.Create"/> must be its first write. Touches no database.</summary>
    SessionHandle NewSession(string clientId);

    /// <summary>
    /// A client id's session, with its handshakes and the extent of its queue, and its connection, after every write of them that was made before. Older handles of the
    /// session are useless from here on.
    /// </summary>
    /// <exception cref="CorruptRowException">One of its rows cannot be read.</exception>
    /// <exception cref="StorageException">The database does not answer.</exception>
    Task<StoredClient> LoadAsync(string clientId, CancellationToken cancellation);

    /// <summary>
    /// Queued messages behind <paramref name="after"/> in order: at most <paramref name="maxMessages"/>, and no more once <paramref name="maxBytes"/> of payload
    /// and topic are reached, but at least one where there is one. Committed ones only.
    /// </summary>
    /// <exception cref="CorruptRowException">A row cannot be read.</exception>
    /// <exception cref="StorageException">The database does not answer.</exception>
    Task<QueuePage> ReadQueueAsync(SessionHandle session, long after, int maxMessages, int maxBytes, CancellationToken cancellation);

    /// <summary>All durable routes, in no order.</summary>
    IAsyncEnumerable<StoredRoute> ReadRoutesAsync(CancellationToken cancellation);

    /// <summary>
    /// Retained messages and tombstones of one partition, or of all where <paramref name="partition"/> is null, with a version above
    /// <paramref name="after"/>, in the order of (partition, version).
    /// </summary>
    IAsyncEnumerable<StoredRetained> ReadRetainedAsync(int? partition, long after, CancellationToken cancellation);

    /// <summary>All durable sessions, in no order.</summary>
    IAsyncEnumerable<(long Key, string ClientId)> ReadSessionsAsync(CancellationToken cancellation);
}
