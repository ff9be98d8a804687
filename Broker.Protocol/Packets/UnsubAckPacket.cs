namespace Broker.Protocol.Packets;

/// <summary>UNSUBACK (section 3.11).</summary>
public sealed class UnsubAckPacket : Packet
{
    /// <inheritdoc/>
    public override PacketType Type => PacketType.UnsubAck;

    /// <summary>That of the UNSUBSCRIBE.</summary>
    public required ushort PacketId { get; init; }

    /// <summary>One for each filter, in the same order. Absent on the wire in MQTT 3; decoded as empty there.</summary>
    public required IReadOnlyList<ReasonCode> ReasonCodes { get; init; }

    /// <summary>For people and logs, or null.</summary>
    public string? ReasonString { get; init; }
}
