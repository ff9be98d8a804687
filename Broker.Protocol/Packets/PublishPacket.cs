namespace Broker.Protocol.Packets;

/// <summary>PUBLISH (section 3.3).</summary>
public sealed class PublishPacket : Packet
{
    /// <inheritdoc/>
    public override PacketType Type => PacketType.Publish;

    /// <summary>A valid topic name; empty only where <see cref="TopicAlias"/> stands for it.</summary>
    public required string Topic { get; init; }

    /// <summary>Owned by this packet: it stays valid after the read buffer is gone.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>QoS of this transfer.</summary>
    public QualityOfService QoS { get; init; }

    /// <summary>RETAIN flag.</summary>
    public bool Retain { get; init; }

    /// <summary>DUP flag; never set at QoS 0.</summary>
    public bool Duplicate { get; init; }

    /// <summary>1 to 65,535 at QoS 1 and 2; 0 at QoS 0.</summary>
    public ushort PacketId { get; init; }

    /// <summary>1 to 65,535, or 0 where absent. Means something on one connection only.</summary>
    public ushort TopicAlias { get; init; }

    /// <summary>Server to client only: identifiers of the subscriptions that caused it, 1 to 268,435,455; null when none.</summary>
    public IReadOnlyList<uint>? SubscriptionIdentifiers { get; init; }

    /// <summary>What travels with the application message from publisher to subscriber; null when there is nothing.</summary>
    public PublishProperties? Properties { get; init; }
}
