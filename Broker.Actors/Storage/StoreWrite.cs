namespace Broker.Actors.Storage;

/// <summary>A change to the store.</summary>
internal abstract partial class StoreWrite
{
    /// <summary>The least that a write counts towards <see cref="StoreBacklog.Waiting"/>.</summary>
    protected const int SmallestSize = 64;

    /// <summary>The session it belongs to, or null.</summary>
    public SessionHandle? Session { get; protected init; }

    /// <summary>Bytes that it holds in memory, roughly.</summary>
    public virtual int Size => SmallestSize;

    /// <summary>Who waits for it; set by the writer.</summary>
    internal IWriteObserver? Observer { get; set; }

    /// <summary>Changes nothing: completes when all that was written before is committed.</summary>
    internal sealed class Barrier : StoreWrite;
}
