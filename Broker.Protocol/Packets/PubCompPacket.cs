namespace Broker.Protocol.Packets;

/// <summary>PUBCOMP (section 3.7).</summary>
public sealed class PubCompPacket : AcknowledgementPacket
{
    /// <inheritdoc/>
    public override PacketType Type => PacketType.PubComp;
}
