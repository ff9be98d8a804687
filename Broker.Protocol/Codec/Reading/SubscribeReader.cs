using Broker.Protocol.Codec.Properties;
using Broker.Protocol.Packets;

namespace Broker.Protocol.Codec.Reading;

/// <summary>SUBSCRIBE (section 3.8).</summary>
internal static class SubscribeReader
{
    public static SubscribePacket Read(ref PacketReader body, ProtocolVersion version)
    {
        var packetId = body.ReadPacketId();
        uint? identifier = null;
        IReadOnlyList<UserProperty> userProperties = [];
        if (version == ProtocolVersion.V5)
        {
            var properties = new PropertyReader(ref body, PropertyScope.Subscribe);
            while (properties.Next(out _))
            {
                identifier = properties.ReadSubscriptionIdentifier();
            }

            userProperties = properties.UserProperties;
        }

        return new SubscribePacket
        {
            PacketId = packetId,
            SubscriptionIdentifier = identifier,
            Subscriptions = ReadSubscriptions(ref body, version),
            UserProperties = userProperties,
        };
    }

    private static List<SubscriptionRequest> ReadSubscriptions(ref PacketReader body, ProtocolVersion version)
    {
        if (body.IsAtEnd)
        {
            Fault.Protocol("SUBSCRIBE without a topic filter"); // [MQTT-3.8.3-2]
        }

        var subscriptions = new List<SubscriptionRequest>();
        while (!body.IsAtEnd)
        {
            var filter = TopicFilterReader.Read(ref body);
            var options = body.ReadByte();
            CheckOptions(options, version);
            subscriptions.Add(new SubscriptionRequest(
                filter,
                (QualityOfService)(options & 0b11),
                NoLocal: (options & 0b100) != 0,
                RetainAsPublished: (options & 0b1000) != 0,
                (RetainHandling)(options >> 4)));
        }

        return subscriptions;
    }

    private static void CheckOptions(byte options, ProtocolVersion version)
    {
        var reserved = version == ProtocolVersion.V5 ? 0b1100_0000 : 0b1111_1100;
        if ((options & reserved) != 0)
        {
            Fault.Malformed($"reserved bits in subscription options 0x{options:X2}"); // [MQTT-3.8.3-5]
        }

        if ((options & 0b11) == 0b11)
        {
            Fault.Protocol("a subscription at QoS 3");
        }

        if ((options & 0b0011_0000) == 0b0011_0000)
        {
            Fault.Protocol("Retain Handling is 3");
        }
    }
}
