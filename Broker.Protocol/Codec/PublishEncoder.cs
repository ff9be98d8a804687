using System.Buffers;
using System.Text;
using Broker.Protocol.Codec.Writing;
using Broker.Protocol.Packets;

namespace Broker.Protocol.Codec;

/// <summary>
/// Encodes PUBLISH from its parts, without a packet object: a message that goes to many subscribers is encoded once and
/// the packet identifier patched in each copy. Does not allocate.
/// </summary>
public static class PublishEncoder
{
    /// <summary>Bytes that <see cref="Write(IBufferWriter{byte}, string, ReadOnlyMemory{byte}, QualityOfService, bool, bool, ushort, ushort, IReadOnlyList{uint}?, PublishProperties?, uint?, ProtocolVersion)"/> would produce from the same arguments.</summary>
    /// <exception cref="InvalidOperationException">As there.</exception>
    public static int GetSize(
        string topic,
        ReadOnlyMemory<byte> payload,
        QualityOfService qos,
        bool retain,
        bool duplicate,
        ushort packetId,
        ushort topicAlias,
        IReadOnlyList<uint>? subscriptionIdentifiers,
        PublishProperties? properties,
        uint? remainingExpirySeconds,
        ProtocolVersion version)
    {
        var block = new PublishPropertyBlock(topicAlias, subscriptionIdentifiers, properties, remainingExpirySeconds);
        return Frame.Size(RemainingLength(topic, payload.Length, qos, block, version, out _));
    }

    /// <summary>
    /// Appends a PUBLISH. Answers where in it, counted from its first byte, the two bytes of the packet identifier
    /// stand, the higher first; -1 at QoS 0.
    /// </summary>
    /// <param name="output">Where to.</param>
    /// <param name="topic">May be empty for MQTT 5 where <paramref name="topicAlias"/> is set.</param>
    /// <param name="payload">The application message.</param>
    /// <param name="qos">QoS of this transfer.</param>
    /// <param name="retain">RETAIN flag.</param>
    /// <param name="duplicate">DUP flag; ignored at QoS 0.</param>
    /// <param name="packetId">Not checked, so that it can be filled in later; ignored at QoS 0.</param>
    /// <param name="topicAlias">0 means none. MQTT 5 only.</param>
    /// <param name="subscriptionIdentifiers">Null means none. MQTT 5 only.</param>
    /// <param name="properties">Null means none. MQTT 5 only.</param>
    /// <param name="remainingExpirySeconds">Goes before the expiry in <paramref name="properties"/>; null: that one, if any.</param>
    /// <param name="version">What the receiver speaks.</param>
    /// <exception cref="InvalidOperationException">
    /// No topic and no alias that the version knows, or a field or the whole is too long for MQTT. Nothing has been written.
    /// </exception>
    public static int Write(
        IBufferWriter<byte> output,
        string topic,
        ReadOnlyMemory<byte> payload,
        QualityOfService qos,
        bool retain,
        bool duplicate,
        ushort packetId,
        ushort topicAlias,
        IReadOnlyList<uint>? subscriptionIdentifiers,
        PublishProperties? properties,
        uint? remainingExpirySeconds,
        ProtocolVersion version)
    {
        var block = new PublishPropertyBlock(topicAlias, subscriptionIdentifiers, properties, remainingExpirySeconds);
        var remaining = RemainingLength(topic, payload.Length, qos, block, version, out var propertyLength);
        var size = Frame.Size(remaining);
        var writer = PacketWriter.Into(output.GetSpan(size));
        var acknowledged = qos != QualityOfService.AtMostOnce;
        writer.Byte(FirstByte.OfPublish(qos, retain, duplicate && acknowledged));
        writer.VariableByteInteger(remaining);
        writer.String(topic);
        var packetIdOffset = -1;
        if (acknowledged)
        {
            packetIdOffset = writer.Length;
            writer.UInt16(packetId);
        }

        if (version == ProtocolVersion.V5)
        {
            writer.VariableByteInteger(propertyLength);
            block.Write(ref writer);
        }

        writer.Raw(payload.Span);
        output.Advance(size);
        return packetIdOffset;
    }

    internal static int GetSize(PublishPacket packet, ProtocolVersion version) => GetSize(
        packet.Topic,
        packet.Payload,
        packet.QoS,
        packet.Retain,
        packet.Duplicate,
        packet.PacketId,
        packet.TopicAlias,
        packet.SubscriptionIdentifiers,
        packet.Properties,
        remainingExpirySeconds: null,
        version);

    internal static void Write(IBufferWriter<byte> output, PublishPacket packet, ProtocolVersion version) => Write(
        output,
        packet.Topic,
        packet.Payload,
        packet.QoS,
        packet.Retain,
        packet.Duplicate,
        packet.PacketId,
        packet.TopicAlias,
        packet.SubscriptionIdentifiers,
        packet.Properties,
        remainingExpirySeconds: null,
        version);

    private static int RemainingLength(
        string topic,
        int payloadLength,
        QualityOfService qos,
        in PublishPropertyBlock block,
        ProtocolVersion version,
        out int propertyLength)
    {
        var topicLength = Encoding.UTF8.GetByteCount(topic);
        CheckTopic(topicLength, block.TopicAlias, version);
        var length = sizeof(ushort) + topicLength + (qos == QualityOfService.AtMostOnce ? 0 : sizeof(ushort));
        propertyLength = 0;
        if (version == ProtocolVersion.V5)
        {
            propertyLength = block.Count();
            length += VariableByteInteger.Size(propertyLength) + propertyLength;
        }

        return payloadLength > VariableByteInteger.MaxValue ? int.MaxValue : length + payloadLength;
    }

    private static void CheckTopic(int topicLength, ushort topicAlias, ProtocolVersion version)
    {
        if (topicLength == 0 && (topicAlias == 0 || version != ProtocolVersion.V5))
        {
            throw new InvalidOperationException("A PUBLISH without a topic name or, in MQTT 5, a topic alias.");
        }

        if (topicLength > ushort.MaxValue)
        {
            throw new InvalidOperationException($"A topic name of {topicLength} bytes; MQTT can express 65,535.");
        }
    }
}
