namespace Broker.Actors.Connections;

/// <summary>Why a message was not delivered.</summary>
internal enum DropReason
{
    /// <summary>The session's queue was full.</summary>
    QueueFull,

    /// <summary>QoS 0, and the client does not read fast enough.</summary>
    SlowConsumer,

    /// <summary>Larger than the client's Maximum Packet Size [MQTT-3.1.2-25].</summary>
    PacketTooLarge,

    /// <summary>Message Expiry.</summary>
    Expired,

    /// <summary>The session ended first.</summary>
    SessionEnded,

    /// <summary>QoS 0, and the node that it should have reached is behind.</summary>
    LinkFull,
}

/// <summary>Counters of one event loop: written by it alone, read by anyone.</summary>
internal sealed class LoopCounters
{
    private readonly long[] _dropped = new long[Enum.GetValues<DropReason>().Length];

    public long BytesReceived;
    public long BytesSent;
    public long PublishReceived;
    public long PublishSent;
    public long PacketsReceived;
    public long PacketsSent;

    public void Drop(DropReason reason, int count = 1) => _dropped[(int)reason] += count;

    public long Dropped(DropReason reason) => Volatile.Read(ref _dropped[(int)reason]);
}
