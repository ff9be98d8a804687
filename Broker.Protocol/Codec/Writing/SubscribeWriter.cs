using Broker.Protocol.Packets;

namespace Broker.Protocol.Codec.Writing;

/// <summary>SUBSCRIBE (section 3.8).</summary>
internal static class SubscribeWriter
{
    public static void Write(ref PacketWriter writer, SubscribePacket packet, ProtocolVersion version)
    {
        writer.UInt16(packet.PacketId);
        if (version == ProtocolVersion.V5)
        {
            var counter = PacketWriter.Counter();
            WriteProperties(ref counter, packet);
            if (writer.BeginProperties(counter.Length))
            {
                WriteProperties(ref writer, packet);
            }
        }

        for (var i = 0; i < packet.Subscriptions.Count; i++)
        {
            var subscription = packet.Subscriptions[i];
            writer.String(subscription.Filter);
            writer.Byte(version == ProtocolVersion.V5 ? Options(subscription) : (byte)subscription.QoS);
        }
    }

    private static void WriteProperties(ref PacketWriter writer, SubscribePacket packet)
    {
        if (packet.SubscriptionIdentifier is { } identifier)
        {
            writer.SubscriptionIdentifier(identifier);
        }

        writer.UserProperties(packet.UserProperties);
    }

    private static byte Options(SubscriptionRequest subscription) => (byte)(
        (int)subscription.QoS
        | (subscription.NoLocal ? 0b100 : 0)
        | (subscription.RetainAsPublished ? 0b1000 : 0)
        | ((int)subscription.RetainHandling << 4));
}
