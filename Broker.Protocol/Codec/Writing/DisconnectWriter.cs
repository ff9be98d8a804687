using Broker.Protocol.Codec.Properties;
using Broker.Protocol.Packets;

namespace Broker.Protocol.Codec.Writing;

/// <summary>DISCONNECT (section 3.14), as short as it may be.</summary>
internal static class DisconnectWriter
{
    public static void Write(ref PacketWriter writer, DisconnectPacket packet, ProtocolVersion version)
    {
        if (version != ProtocolVersion.V5)
        {
            RefuseReason(packet);
            return;
        }

        var counter = PacketWriter.Counter();
        WriteProperties(ref counter, packet);
        if (packet.ReasonCode != ReasonCode.NormalDisconnection || counter.Length > 0)
        {
            writer.Byte((byte)packet.ReasonCode);
        }

        if (counter.Length > 0 && writer.BeginProperties(counter.Length))
        {
            WriteProperties(ref writer, packet);
        }
    }

    /// <summary>MQTT 3 has only the client's farewell; a server that gives a reason must not send it as one.</summary>
    private static void RefuseReason(DisconnectPacket packet)
    {
        if (packet.ReasonCode != ReasonCode.NormalDisconnection)
        {
            throw new InvalidOperationException($"DISCONNECT with reason code 0x{(byte)packet.ReasonCode:X2} does not exist in MQTT 3.");
        }
    }

    private static void WriteProperties(ref PacketWriter writer, DisconnectPacket packet)
    {
        writer.Property(PropertyId.SessionExpiryInterval, packet.SessionExpiryInterval);
        writer.Property(PropertyId.ReasonString, packet.ReasonString);
        writer.Property(PropertyId.ServerReference, packet.ServerReference);
        writer.UserProperties(packet.UserProperties);
    }
}
