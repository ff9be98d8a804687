using Broker.Protocol.Codec.Properties;
using Broker.Protocol.Packets;

namespace Broker.Protocol.Codec.Reading;

/// <summary>UNSUBSCRIBE (section 3.10).</summary>
internal static class UnsubscribeReader
{
    public static UnsubscribePacket Read(ref PacketReader body, ProtocolVersion version)
    {
        var packetId = body.ReadPacketId();
        IReadOnlyList<UserProperty> userProperties = [];
        if (version == ProtocolVersion.V5)
        {
            var properties = new PropertyReader(ref body, PropertyScope.Unsubscribe);
            properties.Next(out _); // only user properties may stand here, and Next gathers them all
            userProperties = properties.UserProperties;
        }

        return new UnsubscribePacket
        {
            PacketId = packetId,
            Filters = ReadFilters(ref body),
            UserProperties = userProperties,
        };
    }

    private static List<string> ReadFilters(ref PacketReader body)
    {
        if (body.IsAtEnd)
        {
            Fault.Protocol("UNSUBSCRIBE without a topic filter"); // [MQTT-3.10.3-2]
        }

        var filters = new List<string>();
        while (!body.IsAtEnd)
        {
            filters.Add(TopicFilterReader.Read(ref body));
        }

        return filters;
    }
}
