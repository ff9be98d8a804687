using Broker.Protocol.Codec.Properties;
using Broker.Protocol.Packets;

namespace Broker.Protocol.Codec.Writing;

/// <summary>CONNACK (section 3.2).</summary>
internal static class ConnAckWriter
{
    public static void Write(ref PacketWriter writer, ConnAckPacket packet, ProtocolVersion version)
    {
        // Never with a refusal [MQTT-3.2.2-6]; MQTT 3.1 has no such flag.
        var sessionPresent = packet.SessionPresent && packet.ReasonCode == ReasonCode.Success && version != ProtocolVersion.V31;
        writer.Byte(sessionPresent ? (byte)1 : (byte)0);
        if (version != ProtocolVersion.V5)
        {
            writer.Byte(ReturnCode.FromReasonCode(packet.ReasonCode));
            return;
        }

        writer.Byte((byte)packet.ReasonCode);
        var counter = PacketWriter.Counter();
        WriteProperties(ref counter, packet);
        if (writer.BeginProperties(counter.Length))
        {
            WriteProperties(ref writer, packet);
        }
    }

    private static void WriteProperties(ref PacketWriter writer, ConnAckPacket packet)
    {
        writer.Property(PropertyId.SessionExpiryInterval, packet.SessionExpiryInterval);
        writer.Property(PropertyId.ReceiveMaximum, packet.ReceiveMaximum);
        if (packet.MaximumQoS is { } maximumQoS and not QualityOfService.ExactlyOnce)
        {
            writer.Property(PropertyId.MaximumQoS, maximumQoS == QualityOfService.AtLeastOnce);
        }

        writer.Property(PropertyId.RetainAvailable, packet.RetainAvailable);
        writer.Property(PropertyId.MaximumPacketSize, packet.MaximumPacketSize);
        writer.Property(PropertyId.AssignedClientIdentifier, packet.AssignedClientIdentifier);
        if (packet.TopicAliasMaximum != 0)
        {
            writer.Property(PropertyId.TopicAliasMaximum, (ushort?)packet.TopicAliasMaximum);
        }

        writer.Property(PropertyId.ReasonString, packet.ReasonString);
        writer.Property(PropertyId.WildcardSubscriptionAvailable, packet.WildcardSubscriptionAvailable);
        writer.Property(PropertyId.SubscriptionIdentifiersAvailable, packet.SubscriptionIdentifiersAvailable);
        writer.Property(PropertyId.SharedSubscriptionAvailable, packet.SharedSubscriptionAvailable);
        writer.Property(PropertyId.ServerKeepAlive, packet.ServerKeepAlive);
        writer.Property(PropertyId.ResponseInformation, packet.ResponseInformation);
        writer.Property(PropertyId.ServerReference, packet.ServerReference);
        writer.Property(PropertyId.AuthenticationMethod, packet.AuthenticationMethod);
        writer.Property(PropertyId.AuthenticationData, packet.AuthenticationData);
        writer.UserProperties(packet.UserProperties);
    }
}
