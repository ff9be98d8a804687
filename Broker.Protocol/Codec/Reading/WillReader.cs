using Broker.Protocol.Codec.Properties;
using Broker.Protocol.Packets;
using Broker.Protocol.Topics;

namespace Broker.Protocol.Codec.Reading;

/// <summary>The will within the payload of CONNECT (sections 3.1.3.2 to 3.1.3.4).</summary>
internal static class WillReader
{
    public static WillMessage Read(ref PacketReader body, ConnectFlags flags, ProtocolVersion version)
    {
        uint delay = 0;
        var message = version == ProtocolVersion.V5 ? ReadProperties(ref body, out delay) : null;
        var topic = body.ReadString();
        if (!TopicName.IsValid(topic))
        {
            Fault.With(ReasonCode.TopicNameInvalid, "the will topic is empty or holds a wildcard");
        }

        return new WillMessage
        {
            Topic = topic,
            Payload = body.ReadBinary(),
            QoS = flags.WillQoS,
            Retain = flags.WillRetain,
            DelayInterval = delay,
            Properties = message,
        };
    }

    private static PublishProperties? ReadProperties(ref PacketReader body, out uint delay)
    {
        delay = 0;
        var message = default(MessagePropertiesBuilder);
        var properties = new PropertyReader(ref body, PropertyScope.Will);
        while (properties.Next(out var id))
        {
            if (!message.TryRead(id, ref properties))
            {
                delay = properties.Value.ReadUInt32();
            }
        }

        return message.Build(properties.UserProperties);
    }
}
