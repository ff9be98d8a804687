namespace Broker.Actors.Clustering.Links;

/// <summary>What one peer may cost.</summary>
internal static class LinkLimits
{
    /// <summary>
    /// Bytes of a batch, unless a single publication is larger: far below Akka's frame, large enough that an envelope's cost vanishes, and small enough that
    /// none of its copies goes to the large object heap (85,000 bytes), which only a full collection empties.
    /// </summary>
    public const int BatchBytes = 64 * 1024;

    /// <summary>Bytes sent and not yet taken: what the other node may have to hold.</summary>
    public const int Credit = 4 * 1024 * 1024;

    /// <summary>
    /// Envelopes on their way that need not be full: while there are so many, what follows gathers, and goes as one. Each costs some ten thread switches on its
    /// way there and back.
    /// </summary>
    public const int Envelopes = 2;

    /// <summary>Bytes that wait for a peer, above which QoS 0 is dropped and publishers are held. One read of each of them comes on top.</summary>
    public const long High = 32 * 1024 * 1024;

    /// <summary>Bytes below which they go on.</summary>
    public const long Low = 8 * 1024 * 1024;
}
