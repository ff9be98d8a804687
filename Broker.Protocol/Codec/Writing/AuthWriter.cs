using Broker.Protocol.Codec.Properties;
using Broker.Protocol.Packets;

namespace Broker.Protocol.Codec.Writing;

/// <summary>AUTH (section 3.15).</summary>
internal static class AuthWriter
{
    public static void Write(ref PacketWriter writer, AuthPacket packet, ProtocolVersion version)
    {
        if (version != ProtocolVersion.V5)
        {
            throw new InvalidOperationException("AUTH does not exist in MQTT 3.");
        }

        var counter = PacketWriter.Counter();
        WriteProperties(ref counter, packet);
        if (packet.ReasonCode == ReasonCode.Success && counter.Length == 0)
        {
            return;
        }

        writer.Byte((byte)packet.ReasonCode);
        if (writer.BeginProperties(counter.Length))
        {
            WriteProperties(ref writer, packet);
        }
    }

    private static void WriteProperties(ref PacketWriter writer, AuthPacket packet)
    {
        writer.Property(PropertyId.AuthenticationMethod, packet.AuthenticationMethod);
        writer.Property(PropertyId.AuthenticationData, packet.AuthenticationData);
        writer.Property(PropertyId.ReasonString, packet.ReasonString);
        writer.UserProperties(packet.UserProperties);
    }
}
