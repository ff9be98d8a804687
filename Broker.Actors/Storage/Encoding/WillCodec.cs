using Broker.Actors.Security;
using Broker.Protocol.Packets;

namespace Broker.Actors.Storage.Encoding;

/// <summary>A will as one binary column.</summary>
internal static class WillCodec
{
    private const byte Version = 1;
    private const byte RetainFlag = 0x04;
    private const byte PropertiesFlag = 0x08;

    /// <param name="will">The message.</param>
    /// <param name="author">Whose right to publish it is looked at when it is due; null: nobody's.</param>
    public static byte[] Encode(WillMessage will, ClientIdentity? author)
    {
        var writer = new ByteWriter();
        Write(writer, will);
        if (author is not null)
        {
            IdentityCodec.Write(writer, author);
        }

        return writer.Take();
    }

    /// <summary>As part of something larger.</summary>
    public static void Write(ByteWriter writer, WillMessage will)
    {
        writer.WriteByte(Version);
        writer.WriteByte((byte)((int)will.QoS | (will.Retain ? RetainFlag : 0) | (will.Properties is null ? 0 : PropertiesFlag)));
        writer.WriteNumber(will.DelayInterval);
        writer.WriteString(will.Topic);
        writer.WriteBytes(will.Payload.Span);
        if (will.Properties is { } properties)
        {
            PropertiesCodec.Write(writer, properties);
        }
    }

    /// <exception cref="FormatException">This is no will.</exception>
    public static StoredWill Decode(byte[] column)
    {
        var reader = new ByteReader(column);
        return new StoredWill(Read(ref reader), reader.IsAtEnd ? null : IdentityCodec.Read(ref reader));
    }

    /// <summary>What <see cref="Write"/> wrote.</summary>
    /// <exception cref="FormatException">This is no will.</exception>
    public static WillMessage Read(ref ByteReader reader)
    {
        if (reader.ReadByte() is var version and not Version)
        {
            throw new FormatException($"its form is {version}, this program knows {Version}");
        }

        var flags = reader.ReadByte();
        return new WillMessage
        {
            DelayInterval = (uint)reader.ReadNumber(),
            Topic = reader.ReadString(),
            Payload = reader.ReadBytes().ToArray(),
            QoS = (QualityOfService)(flags & 0x03),
            Retain = (flags & RetainFlag) != 0,
            Properties = (flags & PropertiesFlag) == 0 ? null : PropertiesCodec.Read(ref reader),
        };
    }
}
