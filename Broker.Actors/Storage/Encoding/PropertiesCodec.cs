using Broker.Protocol.Packets;

namespace Broker.Actors.Storage.Encoding;

/// <summary>The properties that travel with a message, as part of a binary column.</summary>
internal static class PropertiesCodec
{
    private const byte PayloadFormatFlag = 0x01;
    private const byte PayloadIsUtf8Flag = 0x02;
    private const byte ExpiryFlag = 0x04;
    private const byte ResponseTopicFlag = 0x08;
    private const byte CorrelationDataFlag = 0x10;
    private const byte ContentTypeFlag = 0x20;
    private const byte UserPropertiesFlag = 0x40;

    public static void Write(ByteWriter writer, PublishProperties properties)
    {
        writer.WriteByte((byte)(
            (properties.PayloadIsUtf8 is null ? 0 : PayloadFormatFlag)
            | (properties.PayloadIsUtf8 is true ? PayloadIsUtf8Flag : 0)
            | (properties.MessageExpiryInterval is null ? 0 : ExpiryFlag)
            | (properties.ResponseTopic is null ? 0 : ResponseTopicFlag)
            | (properties.CorrelationData is null ? 0 : CorrelationDataFlag)
            | (properties.ContentType is null ? 0 : ContentTypeFlag)
            | (properties.UserProperties.Count == 0 ? 0 : UserPropertiesFlag)));
        if (properties.MessageExpiryInterval is { } expiry)
        {
            writer.WriteNumber(expiry);
        }

        if (properties.ResponseTopic is { } responseTopic)
        {
            writer.WriteString(responseTopic);
        }

        if (properties.CorrelationData is { } correlationData)
        {
            writer.WriteBytes(correlationData.Span);
        }

        if (properties.ContentType is { } contentType)
        {
            writer.WriteString(contentType);
        }

        if (properties.UserProperties.Count > 0)
        {
            writer.WriteNumber(properties.UserProperties.Count);
            for (var i = 0; i < properties.UserProperties.Count; i++)
            {
                writer.WriteString(properties.UserProperties[i].Name);
                writer.WriteString(properties.UserProperties[i].Value);
            }
        }
    }

    /// <exception cref="FormatException">These are no properties.</exception>
    public static PublishProperties Read(ref ByteReader reader)
    {
        var flags = reader.ReadByte();
        return new PublishProperties
        {
            PayloadIsUtf8 = (flags & PayloadFormatFlag) == 0 ? null : (flags & PayloadIsUtf8Flag) != 0,
            MessageExpiryInterval = (flags & ExpiryFlag) == 0 ? null : (uint)reader.ReadNumber(),
            ResponseTopic = (flags & ResponseTopicFlag) == 0 ? null : reader.ReadString(),
            CorrelationData = (flags & CorrelationDataFlag) == 0 ? (ReadOnlyMemory<byte>?)null : reader.ReadBytes().ToArray(),
            ContentType = (flags & ContentTypeFlag) == 0 ? null : reader.ReadString(),
            UserProperties = (flags & UserPropertiesFlag) == 0 ? [] : ReadUserProperties(ref reader),
        };
    }

    private static UserProperty[] ReadUserProperties(ref ByteReader reader)
    {
        var result = new UserProperty[reader.ReadCount()];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = new UserProperty(reader.ReadString(), reader.ReadString());
        }

        return result;
    }
}
