using Broker.Actors.Routing;
using Broker.Actors.Storage.Encoding;
using Broker.Protocol.Packets;

namespace Broker.Actors.Clustering.Links;

/// <summary>
/// The content of a batch: publications one behind the other, without a count, so that batches are joined by joining their bytes. Wire form: see
/// <see cref="Wire.WireFormat"/> for what may change.
/// </summary>
internal static class LinkItemCodec
{
    private const byte QoSMask = 0x03;
    private const byte RetainFlag = 0x04;
    private const byte ExpiryFlag = 0x08;
    private const byte ClientIdFlag = 0x10;
    private const byte PropertiesFlag = 0x20;
    private const byte DirectedFlag = 0x40;

    /// <summary>For everyone on the other node whose subscriptions match.</summary>
    public static void Write(ByteWriter writer, Publication publication)
    {
        var flags = Flags(publication, publication.QoS, publication.Retain);
        writer.WriteByte((byte)(flags | (publication.ClientId is null ? 0 : ClientIdFlag)));
        if (publication.Retain)
        {
            writer.WriteNumber(publication.RetainedNumber);
        }

        if (publication.ClientId is { } clientId)
        {
            writer.WriteString(clientId);
        }

        WriteMessage(writer, publication);
    }

    /// <summary>For one connection of the other node, picked in a shared group here.</summary>
    public static void WriteDirected(
        ByteWriter writer, Publication publication, long connection, QualityOfService qos, bool retain, uint[]? subscriptionIdentifiers)
    {
        writer.WriteByte((byte)(Flags(publication, qos, retain) | DirectedFlag));
        writer.WriteNumber(connection);
        writer.WriteNumber(subscriptionIdentifiers?.Length ?? 0);
        foreach (var identifier in subscriptionIdentifiers ?? [])
        {
            writer.WriteNumber(identifier);
        }

        WriteMessage(writer, publication);
    }

    /// <exception cref="FormatException">This is no item.</exception>
    public static LinkItem Read(ref ByteReader reader, LinkTopics topics)
    {
        var flags = reader.ReadByte();
        if ((flags & QoSMask) > (int)QualityOfService.ExactlyOnce || flags > (DirectedFlag << 1) - 1)
        {
            throw new FormatException($"the flags of a publication are 0x{flags:X2}");
        }

        var connection = 0L;
        uint[]? identifiers = null;
        if ((flags & DirectedFlag) != 0)
        {
            connection = reader.ReadNumber();
            identifiers = ReadIdentifiers(ref reader);
        }

        var retainedNumber = (flags & (DirectedFlag | RetainFlag)) == RetainFlag ? reader.ReadNumber() : 0;
        var clientId = (flags & ClientIdFlag) != 0 ? topics.Get(reader.ReadBytes()).Name : null;
        var expiresAt = (flags & ExpiryFlag) != 0 ? reader.ReadNumber() : Publication.Never;
        var properties = (flags & PropertiesFlag) != 0 ? PropertiesCodec.Read(ref reader) : null;
        var topic = topics.Get(reader.ReadBytes());
        var publication = new Publication
        {
            Topic = topic.Name,

            // A copy: a slow client's queue must not keep whole batches.
            Payload = reader.ReadBytes().ToArray(),
            QoS = (QualityOfService)(flags & QoSMask),
            Retain = (flags & RetainFlag) != 0,
            Properties = properties,
            ExpiresAt = expiresAt,
            ClientId = clientId,
            RetainedNumber = retainedNumber,
        };
        return new LinkItem(publication, topic, connection, identifiers);
    }

    private static int Flags(Publication publication, QualityOfService qos, bool retain) =>
        (int)qos
        | (retain ? RetainFlag : 0)
        | (publication.ExpiresAt == Publication.Never ? 0 : ExpiryFlag)
        | (publication.Properties is null ? 0 : PropertiesFlag);

    private static void WriteMessage(ByteWriter writer, Publication publication)
    {
        if (publication.ExpiresAt != Publication.Never)
        {
            writer.WriteNumber(publication.ExpiresAt);
        }

        if (publication.Properties is { } properties)
        {
            PropertiesCodec.Write(writer, properties);
        }

        writer.WriteString(publication.Topic);
        writer.WriteBytes(publication.Payload.Span);
    }

    private static uint[]? ReadIdentifiers(ref ByteReader reader)
    {
        var count = reader.ReadCount();
        if (count == 0)
        {
            return null;
        }

        var identifiers = new uint[count];
        for (var i = 0; i < count; i++)
        {
            identifiers[i] = (uint)reader.ReadNumber();
        }

        return identifiers;
    }
}

/// <summary>A publication that a link has brought.</summary>
/// <param name="Publication">The message; QoS and RETAIN as the one connection gets it, where there is one.</param>
/// <param name="Topic">Its topic's entry.</param>
/// <param name="Connection">The number of the one connection it is for; 0: all whose subscriptions match.</param>
/// <param name="SubscriptionIdentifiers">For that connection, or null.</param>
internal readonly record struct LinkItem(Publication Publication, LinkTopic Topic, long Connection, uint[]? SubscriptionIdentifiers)
{
    /// <summary>Whether the sender wants to know where its connection is gone.</summary>
    public bool IsTracked => Connection != 0 && Publication.QoS != QualityOfService.AtMostOnce;
}
