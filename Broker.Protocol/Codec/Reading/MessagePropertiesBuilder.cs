using Broker.Protocol.Codec.Properties;
using Broker.Protocol.Packets;
using Broker.Protocol.Topics;

namespace Broker.Protocol.Codec.Reading;

/// <summary>Gathers the properties that PUBLISH and the will have in common: those of the application message.</summary>
internal struct MessagePropertiesBuilder
{
    private bool _any;
    private bool? _payloadIsUtf8;
    private uint? _messageExpiryInterval;
    private string? _responseTopic;
    private ReadOnlyMemory<byte>? _correlationData;
    private string? _contentType;

    /// <summary>False: the property is not one of these, and its value has not been read.</summary>
    public bool TryRead(PropertyId id, ref PropertyReader properties)
    {
        switch (id)
        {
            case PropertyId.PayloadFormatIndicator:
                _payloadIsUtf8 = properties.ReadBoolean(id);
                break;
            case PropertyId.MessageExpiryInterval:
                _messageExpiryInterval = properties.Value.ReadUInt32();
                break;
            case PropertyId.ContentType:
                _contentType = properties.Value.ReadString();
                break;
            case PropertyId.ResponseTopic:
                _responseTopic = ReadResponseTopic(ref properties);
                break;
            case PropertyId.CorrelationData:
                _correlationData = properties.Value.ReadBinary();
                break;
            default:
                return false;
        }

        _any = true;
        return true;
    }

    /// <summary>Null when there is nothing.</summary>
    public readonly PublishProperties? Build(IReadOnlyList<UserProperty> userProperties) =>
        !_any && userProperties.Count == 0
            ? null
            : new PublishProperties
            {
                PayloadIsUtf8 = _payloadIsUtf8,
                MessageExpiryInterval = _messageExpiryInterval,
                ResponseTopic = _responseTopic,
                CorrelationData = _correlationData,
                ContentType = _contentType,
                UserProperties = userProperties,
            };

    /// <summary>It is a topic name, without wildcards [MQTT-3.3.2-14].</summary>
    private static string ReadResponseTopic(ref PropertyReader properties)
    {
        var topic = properties.Value.ReadString();
        if (!TopicName.IsValid(topic))
        {
            Fault.Protocol("ResponseTopic is empty or holds a wildcard");
        }

        return topic;
    }
}
