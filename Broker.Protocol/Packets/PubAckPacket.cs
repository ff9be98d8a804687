namespace Broker.Protocol.Packets;

/// <summary>PUBACK (section 3.4).</summary>
public sealed class PubAckPacket : AcknowledgementPacket
{
    /// <inheritdoc/>
    public override PacketType Type => PacketType.PubAck;
}
