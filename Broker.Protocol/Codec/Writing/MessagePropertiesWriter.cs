using Broker.Protocol.Codec.Properties;
using Broker.Protocol.Packets;

namespace Broker.Protocol.Codec.Writing;

/// <summary>The properties of an application message, in PUBLISH and in a will.</summary>
internal static class MessagePropertiesWriter
{
    /// <summary>The remaining expiry, where there is one, goes before that of the properties [MQTT-3.3.2-6].</summary>
    public static void Write(ref PacketWriter writer, PublishProperties? properties, uint? remainingExpirySeconds)
    {
        writer.Property(PropertyId.MessageExpiryInterval, remainingExpirySeconds ?? properties?.MessageExpiryInterval);
        if (properties is null)
        {
            return;
        }

        writer.Property(PropertyId.PayloadFormatIndicator, properties.PayloadIsUtf8);
        writer.Property(PropertyId.ContentType, properties.ContentType);
        writer.Property(PropertyId.ResponseTopic, properties.ResponseTopic);
        writer.Property(PropertyId.CorrelationData, properties.CorrelationData);
        writer.UserProperties(properties.UserProperties);
    }
}
