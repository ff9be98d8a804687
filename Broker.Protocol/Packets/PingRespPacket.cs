namespace Broker.Protocol.Packets;

/// <summary>PINGRESP (section 3.13).</summary>
public sealed class PingRespPacket : Packet
{
    /// <summary>The only one needed.</summary>
    public static PingRespPacket Instance { get; } = new();

    /// <inheritdoc/>
    public override PacketType Type => PacketType.PingResp;
}
