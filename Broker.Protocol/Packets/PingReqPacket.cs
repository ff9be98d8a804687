namespace Broker.Protocol.Packets;

/// <summary>PINGREQ (section 3.12).</summary>
public sealed class PingReqPacket : Packet
{
    /// <summary>The only one needed.</summary>
    public static PingReqPacket Instance { get; } = new();

    /// <inheritdoc/>
    public override PacketType Type => PacketType.PingReq;
}
