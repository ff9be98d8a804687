using Broker.Protocol.Packets;

namespace Broker.Protocol.Codec.Writing;

/// <summary>PUBACK, PUBREC, PUBREL and PUBCOMP (sections 3.4 to 3.7), as short as they may be.</summary>
internal static class AcknowledgementWriter
{
    public static void Write(ref PacketWriter writer, AcknowledgementPacket packet, ProtocolVersion version)
    {
        writer.UInt16(packet.PacketId);
        if (version != ProtocolVersion.V5)
        {
            return;
        }

        var hasProperties = packet.ReasonString is not null || packet.UserProperties.Count > 0;
        if (packet.ReasonCode != ReasonCode.Success || hasProperties)
        {
            writer.Byte((byte)packet.ReasonCode);
        }

        if (hasProperties)
        {
            ReasonPropertiesWriter.Write(ref writer, packet.ReasonString, packet.UserProperties);
        }
    }
}
