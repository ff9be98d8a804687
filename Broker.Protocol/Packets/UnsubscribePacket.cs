namespace Broker.Protocol.Packets;

/// <summary>UNSUBSCRIBE (section 3.10).</summary>
public sealed class UnsubscribePacket : Packet
{
    /// <inheritdoc/>
    public override PacketType Type => PacketType.Unsubscribe;

    /// <summary>1 to 65,535.</summary>
    public required ushort PacketId { get; init; }

    /// <summary>At least one.</summary>
    public required IReadOnlyList<string> Filters { get; init; }
}
