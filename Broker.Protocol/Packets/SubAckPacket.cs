namespace Broker.Protocol.Packets;

/// <summary>SUBACK (section 3.9).</summary>
public sealed class SubAckPacket : Packet
{
    /// <inheritdoc/>
    public override PacketType Type => PacketType.SubAck;

    /// <summary>That of the SUBSCRIBE.</summary>
    public required ushort PacketId { get; init; }

    /// <summary>One for each filter, in the same order. MQTT 3 knows 0, 1, 2 and 0x80 only; the codec maps.</summary>
    public required IReadOnlyList<ReasonCode> ReasonCodes { get; init; }

    /// <summary>For people and logs, or null.</summary>
    public string? ReasonString { get; init; }
}
