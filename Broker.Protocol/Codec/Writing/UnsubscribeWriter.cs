using Broker.Protocol.Packets;

namespace Broker.Protocol.Codec.Writing;

/// <summary>UNSUBSCRIBE (section 3.10).</summary>
internal static class UnsubscribeWriter
{
    public static void Write(ref PacketWriter writer, UnsubscribePacket packet, ProtocolVersion version)
    {
        writer.UInt16(packet.PacketId);
        if (version == ProtocolVersion.V5)
        {
            ReasonPropertiesWriter.Write(ref writer, reasonString: null, packet.UserProperties);
        }

        for (var i = 0; i < packet.Filters.Count; i++)
        {
            writer.String(packet.Filters[i]);
        }
    }
}
