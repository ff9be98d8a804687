using Broker.Protocol.Packets;

namespace Broker.Protocol.Codec.Writing;

/// <summary>UNSUBACK (section 3.11).</summary>
internal static class UnsubAckWriter
{
    public static void Write(ref PacketWriter writer, UnsubAckPacket packet, ProtocolVersion version)
    {
        writer.UInt16(packet.PacketId);
        if (version != ProtocolVersion.V5)
        {
            return;
        }

        ReasonPropertiesWriter.Write(ref writer, packet.ReasonString, packet.UserProperties);
        for (var i = 0; i < packet.ReasonCodes.Count; i++)
        {
            writer.Byte((byte)packet.ReasonCodes[i]);
        }
    }
}
