using Broker.Actors.Routing;
using Broker.Protocol.Packets;

namespace Broker.Actors.Storage.Encoding;

/// <summary>
/// A publication as one binary column: a version, flags, and then only what is there. Whoever changes the form adds a version and reads the old ones.
/// </summary>
internal static class MessageCodec
{
    private const byte Version = 1;
    private const byte QoSMask = 0x03;
    private const byte RetainFlag = 0x04;
    private const byte ExpiryFlag = 0x08;
    private const byte ClientIdFlag = 0x10;
    private const byte IdFlag = 0x20;
    private const byte PropertiesFlag = 0x40;

    public static byte[] Encode(ByteWriter writer, Publication publication)
    {
        Write(writer, publication);
        return writer.Take();
    }

    /// <summary>As part of something larger.</summary>
    public static void Write(ByteWriter writer, Publication publication)
    {
        var expires = publication.ExpiresAt != Publication.Never;
        writer.WriteByte(Version);
        writer.WriteByte((byte)((int)publication.QoS
            | (publication.Retain ? RetainFlag : 0)
            | (expires ? ExpiryFlag : 0)
            | (publication.ClientId is not null ? ClientIdFlag : 0)
            | (publication.Id.IsSet ? IdFlag : 0)
            | (publication.Properties is not null ? PropertiesFlag : 0)));
        if (expires)
        {
            writer.WriteNumber(publication.ExpiresAt);
        }

        if (publication.ClientId is { } clientId)
        {
            writer.WriteString(clientId);
        }

        if (publication.Id.IsSet)
        {
            writer.WriteNumber(publication.Id.Origin);
            writer.WriteNumber(publication.Id.Number);
            writer.WriteNumber(publication.LowestUnreleased);
        }

        if (publication.Properties is { } properties)
        {
            PropertiesCodec.Write(writer, properties);
        }

        writer.WriteString(publication.Topic);
        writer.WriteBytes(publication.Payload.Span);
    }

    /// <summary>A whole column, whose bytes the publication keeps.</summary>
    /// <exception cref="FormatException">This is no publication.</exception>
    public static Publication Decode(byte[] column)
    {
        var reader = new ByteReader(column);
        return Read(ref reader, column);
    }

    /// <summary>What <see cref="Write"/> wrote; the payload is copied.</summary>
    /// <exception cref="FormatException">This is no publication.</exception>
    public static Publication Read(ref ByteReader reader) => Read(ref reader, column: null);

    private static Publication Read(ref ByteReader reader, byte[]? column)
    {
        if (reader.ReadByte() is var version and not Version)
        {
            throw new FormatException($"its form is {version}, this program knows {Version}");
        }

        var flags = reader.ReadByte();
        if ((flags & QoSMask) > (int)QualityOfService.ExactlyOnce || flags > (PropertiesFlag << 1) - 1)
        {
            throw new FormatException($"its flags are 0x{flags:X2}");
        }

        var expiresAt = (flags & ExpiryFlag) != 0 ? reader.ReadNumber() : Publication.Never;
        var clientId = (flags & ClientIdFlag) != 0 ? reader.ReadString() : null;
        var hasId = (flags & IdFlag) != 0;
        var id = hasId ? new MessageId(reader.ReadNumber(), reader.ReadNumber()) : default;
        var lowestUnreleased = hasId ? reader.ReadNumber() : 0;
        var properties = (flags & PropertiesFlag) != 0 ? PropertiesCodec.Read(ref reader) : null;
        var topic = reader.ReadString();
        return new Publication
        {
            Topic = topic,
            Payload = column is null ? reader.ReadBytes().ToArray() : Rest(ref reader, column),
            QoS = (QualityOfService)(flags & QoSMask),
            Retain = (flags & RetainFlag) != 0,
            Properties = properties,
            ExpiresAt = expiresAt,
            ClientId = clientId,
            Id = id,
            LowestUnreleased = lowestUnreleased,
        };
    }

    private static Memory<byte> Rest(ref ByteReader reader, byte[] column)
    {
        var payload = reader.ReadCount();
        var start = reader.Position;
        return start + payload == column.Length
            ? column.AsMemory(start, payload)
            : throw new FormatException($"{column.Length - start - payload} bytes follow the payload");
    }
}
