namespace Broker.Protocol.Packets;

/// <summary>PUBREC (section 3.5).</summary>
public sealed class PubRecPacket : AcknowledgementPacket
{
    /// <inheritdoc/>
    public override PacketType Type => PacketType.PubRec;
}
