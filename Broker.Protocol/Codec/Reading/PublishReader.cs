using Broker.Protocol.Codec.Properties;
using Broker.Protocol.Packets;
using Broker.Protocol.Topics;

namespace Broker.Protocol.Codec.Reading;

/// <summary>PUBLISH (section 3.3).</summary>
internal static class PublishReader
{
    public static PublishPacket Read(
        ref PacketReader body, FirstByte header, ProtocolVersion version, PeerRole peer, TopicCache topics, bool lends)
    {
        var topic = ReadTopic(ref body, topics);
        var packetId = header.QoS == QualityOfService.AtMostOnce ? (ushort)0 : body.ReadPacketId();
        var properties = version == ProtocolVersion.V5 ? ReadProperties(ref body, peer) : default;
        if (topic.Length == 0 && properties.TopicAlias == 0)
        {
            Fault.With(
                version == ProtocolVersion.V5 ? ReasonCode.ProtocolError : ReasonCode.MalformedPacket,
                "PUBLISH without a topic name or a topic alias");
        }

        // A durable session keeps the packet of a QoS 2 publish until it has a number.
        if (lends && header.QoS != QualityOfService.ExactlyOnce)
        {
            var lent = (PublishPacket?)LentPackets.Take(PacketType.Publish) ?? new PublishPacket { Topic = topic };
            return lent.Lend(topic, body.ReadRest(), header, packetId, properties.TopicAlias, properties.SubscriptionIdentifiers, properties.Message);
        }

        return new PublishPacket
        {
            Topic = topic,
            Payload = body.ReadRest().ToArray(),
            QoS = header.QoS,
            Retain = header.Retain,
            Duplicate = header.Duplicate,
            PacketId = packetId,
            TopicAlias = properties.TopicAlias,
            SubscriptionIdentifiers = properties.SubscriptionIdentifiers,
            Properties = properties.Message,
        };
    }

    /// <summary>Empty where a topic alias may stand for it.</summary>
    private static string ReadTopic(ref PacketReader body, TopicCache topics)
    {
        var utf8 = body.ReadSpan();
        if (utf8.IsEmpty)
        {
            return string.Empty;
        }

        if (topics.Find(utf8) is { } known)
        {
            return known;
        }

        var topic = PacketReader.DecodeString(utf8);
        if (!TopicName.IsValid(topic))
        {
            Fault.With(ReasonCode.TopicNameInvalid, "a topic name with a wildcard"); // [MQTT-3.3.2-2]
        }

        topics.Keep(utf8, topic);
        return topic;
    }

    private static PublishBlock ReadProperties(ref PacketReader body, PeerRole peer)
    {
        var block = default(PublishBlock);
        var properties = new PropertyReader(ref body, PropertyScope.Publish);
        if (properties.Value.IsAtEnd)
        {
            return block;
        }

        var message = default(MessagePropertiesBuilder);
        List<uint>? identifiers = null;
        while (properties.Next(out var id))
        {
            if (message.TryRead(id, ref properties))
            {
                continue;
            }

            if (id == PropertyId.TopicAlias)
            {
                block.TopicAlias = ReadTopicAlias(ref properties);
            }
            else
            {
                if (peer == PeerRole.Client)
                {
                    Fault.Protocol("SubscriptionIdentifier in a PUBLISH from a client"); // [MQTT-3.3.4-6]
                }

                (identifiers ??= []).Add(properties.ReadSubscriptionIdentifier());
            }
        }

        block.SubscriptionIdentifiers = identifiers;
        block.Message = message.Build(properties.UserProperties);
        return block;
    }

    private static ushort ReadTopicAlias(ref PropertyReader properties)
    {
        var alias = properties.Value.ReadUInt16();
        if (alias == 0)
        {
            Fault.With(ReasonCode.TopicAliasInvalid, "TopicAlias is 0"); // [MQTT-3.3.2-8]
        }

        return alias;
    }

    private struct PublishBlock
    {
        public ushort TopicAlias;
        public IReadOnlyList<uint>? SubscriptionIdentifiers;
        public PublishProperties? Message;
    }
}
