namespace Broker.Actors.Storage;

/// <summary>
/// A durable session in the store, as one activation of its entity knows it: from <see cref="IStoreReader.NewSession"/> or
/// <see cref="IStoreReader.LoadAsync"/>. Useless after one of its writes has failed.
/// </summary>
internal sealed class SessionHandle
{
    private volatile bool _isBroken;

    internal SessionHandle(long key, string clientId, HandshakeImage image)
    {
        Key = key;
        ClientId = clientId;
        Image = image;
    }

    /// <summary>
    /// The session's number in the store, which no other had before it in the whole cluster: also the origin of its message ids, and short enough for a
    /// persistence id.
    /// </summary>
    public long Key { get; }

    /// <summary>The client id.</summary>
    public string ClientId { get; }

    /// <summary>A write has failed: all later ones do.</summary>
    public bool IsBroken => _isBroken;

    /// <summary>The handshakes as of the last write that the writer has taken up; the writer's thread only.</summary>
    internal HandshakeImage Image { get; }

    internal void Break() => _isBroken = true;
}
