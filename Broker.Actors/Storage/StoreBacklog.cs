namespace Broker.Actors.Storage;

/// <summary>
/// What waits for the database on this node, in bytes, and so whether its publishers to durable sessions and of retained messages are held. Any thread.
/// </summary>
/// <param name="most">Bytes from which on they are held; below half of them they go on.</param>
/// <remarks>
/// Two counts, since a message that waits need not have become a write: while the database is away its session may be unable to load, so that it stays with its
/// sender. Routed messages count only then: at other times those of a session that can never be loaded, because its rows are damaged, would hold all publishers.
/// Whatever else is counted leaves whether the database comes back or this node ends, and no client has a part in it (hard case 11).
/// </remarks>
internal sealed class StoreBacklog(long most)
{
    /// <summary>What a message on its way to a session takes beside its topic and payload, roughly.</summary>
    public const int PerMessage = 512;

    private long _waiting;
    private long _routed;
    private volatile bool _isAway;

    /// <summary>Called on some thread when publishers that were held may go on. Set once, before the first of them.</summary>
    public Action Drained { get; set; } = static () => { };

    /// <summary>Bytes of writes that are not committed, and of messages that wait for one before they are routed.</summary>
    public long Waiting => Volatile.Read(ref _waiting);

    /// <summary>Bytes of messages that have been routed and are not complete, the greater part of them in <see cref="Waiting"/> too.</summary>
    public long Routed => Volatile.Read(ref _routed);

    /// <summary>Whether who brings more should be held.</summary>
    public bool IsFull => Waiting >= most || (_isAway && Routed >= most);

    /// <summary>Something waits.</summary>
    public void Add(long bytes) => Interlocked.Add(ref _waiting, bytes);

    /// <summary>It no longer does.</summary>
    public void Remove(long bytes) => Reduce(ref _waiting, bytes);

    /// <summary>A message is on its way to sessions.</summary>
    public void AddRouted(long bytes) => Interlocked.Add(ref _routed, bytes);

    /// <summary>All have answered.</summary>
    public void RemoveRouted(long bytes) => Reduce(ref _routed, bytes);

    /// <summary>The database takes no writes.</summary>
    public void GoAway() => _isAway = true;

    /// <summary>It does again.</summary>
    public void ComeBack()
    {
        _isAway = false;
        OfferRoom();
    }

    private void Reduce(ref long count, long bytes)
    {
        var left = Interlocked.Add(ref count, -bytes);
        if (left < most / 2 && left + bytes >= most / 2)
        {
            OfferRoom();
        }
    }

    private void OfferRoom()
    {
        if (!IsFull)
        {
            Drained();
        }
    }
}
