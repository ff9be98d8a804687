using Broker.Protocol.Packets;

namespace Broker.Protocol.Codec.Writing;

/// <summary>SUBACK (section 3.9).</summary>
internal static class SubAckWriter
{
    public static void Write(ref PacketWriter writer, SubAckPacket packet, ProtocolVersion version)
    {
        writer.UInt16(packet.PacketId);
        if (version == ProtocolVersion.V5)
        {
            ReasonPropertiesWriter.Write(ref writer, packet.ReasonString, packet.UserProperties);
        }

        for (var i = 0; i < packet.ReasonCodes.Count; i++)
        {
            var code = packet.ReasonCodes[i];

            // MQTT 3 has one code for every failure.
            writer.Byte((byte)(version != ProtocolVersion.V5 && code > ReasonCode.UnspecifiedError ? ReasonCode.UnspecifiedError : code));
        }
    }
}
