using Broker.Protocol.Codec;
using Broker.Protocol.Packets;

namespace Broker.Specs.Protocol.Codec;

/// <summary>PUBACK, PUBREC, PUBREL and PUBCOMP (sections 3.4 to 3.7).</summary>
internal static class AcknowledgementExamples
{
    private static readonly UserProperty[] Users = [new("k", "v")];

    public static readonly WireExample[] All =
    [
        new("PUBACK", PeerRole.Client, ProtocolVersion.V31, "40 02 0001", new PubAckPacket { PacketId = 1 }),
        new("PUBREC", PeerRole.Client, ProtocolVersion.V311, "50 02 0102", new PubRecPacket { PacketId = 258 }),
        new("PUBREL", PeerRole.Client, ProtocolVersion.V311, "62 02 FFFF", new PubRelPacket { PacketId = 65_535 }),
        new("PUBREL again", PeerRole.Client, ProtocolVersion.V31, "6A 02 0001", new PubRelPacket { PacketId = 1 }, IsCanonical: false),
        new("PUBCOMP", PeerRole.Server, ProtocolVersion.V311, "70 02 0001", new PubCompPacket { PacketId = 1 }),
        new("PUBACK", PeerRole.Client, ProtocolVersion.V5, "40 02 0001", new PubAckPacket { PacketId = 1 }),
        new(
            "PUBACK with the success spelt out",
            PeerRole.Client,
            ProtocolVersion.V5,
            "40 03 0001 00",
            new PubAckPacket { PacketId = 1 },
            IsCanonical: false),
        new(
            "PUBACK with no properties spelt out",
            PeerRole.Client,
            ProtocolVersion.V5,
            "40 04 0001 87 00",
            new PubAckPacket { PacketId = 1, ReasonCode = ReasonCode.NotAuthorized },
            IsCanonical: false),
        new(
            "PUBACK 0x10",
            PeerRole.Server,
            ProtocolVersion.V5,
            "40 03 0001 10",
            new PubAckPacket { PacketId = 1, ReasonCode = ReasonCode.NoMatchingSubscribers }),
        new(
            "PUBREC with everything",
            PeerRole.Client,
            ProtocolVersion.V5,
            "50 12 0001 97 0E 1F <full> 26 <k> <v>",
            new PubRecPacket { PacketId = 1, ReasonCode = ReasonCode.QuotaExceeded, ReasonString = "full", UserProperties = Users }),
        new(
            "PUBREL 0x92",
            PeerRole.Client,
            ProtocolVersion.V5,
            "62 03 0001 92",
            new PubRelPacket { PacketId = 1, ReasonCode = ReasonCode.PacketIdentifierNotFound }),
        new(
            "PUBCOMP with properties at success",
            PeerRole.Server,
            ProtocolVersion.V5,
            "70 0B 0001 00 07 26 <k> <v>",
            new PubCompPacket { PacketId = 1, UserProperties = Users }),
    ];
}
