using Broker.Protocol.Codec;
using Broker.Protocol.Packets;

namespace Broker.Specs.Protocol.Codec;

/// <summary>PUBLISH (section 3.3).</summary>
internal static class PublishExamples
{
    public static readonly WireExample[] All =
    [
        new("PUBLISH QoS 0", PeerRole.Client, ProtocolVersion.V31, "30 07 0003 61 2F 62 68 69", Message(QualityOfService.AtMostOnce)),
        new("PUBLISH QoS 1", PeerRole.Client, ProtocolVersion.V311, "32 09 <a/b> 000A 'hi'", Message(QualityOfService.AtLeastOnce, 10)),
        new("PUBLISH QoS 2", PeerRole.Server, ProtocolVersion.V311, "34 09 <a/b> FFFF 'hi'", Message(QualityOfService.ExactlyOnce, 65_535)),
        new(
            "PUBLISH with DUP and RETAIN",
            PeerRole.Client,
            ProtocolVersion.V311,
            "3B 07 <t> 0001 'hi'",
            new PublishPacket
            {
                Topic = "t",
                Payload = "hi"u8.ToArray(),
                QoS = QualityOfService.AtLeastOnce,
                Duplicate = true,
                Retain = true,
                PacketId = 1,
            }),
        new("PUBLISH, empty", PeerRole.Client, ProtocolVersion.V311, "31 03 <t>", new PublishPacket { Topic = "t", Retain = true }),
        new("PUBLISH QoS 0", PeerRole.Client, ProtocolVersion.V5, "30 08 <a/b> 00 'hi'", Message(QualityOfService.AtMostOnce)),
        new(
            "PUBLISH of 128 bytes behind the fixed header",
            PeerRole.Client,
            ProtocolVersion.V5,
            "30 80 01 <t> 00 " + string.Concat(Enumerable.Repeat("AA", 124)),
            new PublishPacket { Topic = "t", Payload = Enumerable.Repeat((byte)0xAA, 124).ToArray() }),
        new(
            "PUBLISH with an alias alone",
            PeerRole.Client,
            ProtocolVersion.V5,
            "30 08 <> 03 23 0007 'hi'",
            new PublishPacket { Topic = string.Empty, TopicAlias = 7, Payload = "hi"u8.ToArray() }),
        new(
            "PUBLISH with a byte order mark in its topic",
            PeerRole.Client,
            ProtocolVersion.V311,
            "30 06 0004 EF BB BF 61",
            new PublishPacket { Topic = "\uFEFFa" }),
        new(
            "PUBLISH with every property",
            PeerRole.Server,
            ProtocolVersion.V5,
            "34 38 <t> 0102 30 23 0001 0B 01 0B FF FF FF 7F 02 0000003C 01 01 03 <x/y> 08 <r/t> 09 0002 AB CD 26 <k> <v> 26 <k> <v> 'hi'",
            new PublishPacket
            {
                Topic = "t",
                Payload = "hi"u8.ToArray(),
                QoS = QualityOfService.ExactlyOnce,
                PacketId = 258,
                TopicAlias = 1,
                SubscriptionIdentifiers = [1, 268_435_455],
                Properties = new PublishProperties
                {
                    PayloadIsUtf8 = true,
                    MessageExpiryInterval = 60,
                    ContentType = "x/y",
                    ResponseTopic = "r/t",
                    CorrelationData = new byte[] { 0xAB, 0xCD },
                    UserProperties = [new UserProperty("k", "v"), new UserProperty("k", "v")],
                },
            }),
    ];

    private static PublishPacket Message(QualityOfService qos, ushort packetId = 0) =>
        new() { Topic = "a/b", Payload = "hi"u8.ToArray(), QoS = qos, PacketId = packetId };
}
