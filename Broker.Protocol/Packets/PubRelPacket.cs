namespace Broker.Protocol.Packets;

/// <summary>PUBREL (section 3.6).</summary>
public sealed class PubRelPacket : AcknowledgementPacket
{
    /// <inheritdoc/>
    public override PacketType Type => PacketType.PubRel;
}
