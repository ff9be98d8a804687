using Broker.Protocol.Codec.Properties;
using Broker.Protocol.Packets;

namespace Broker.Protocol.Codec.Reading;

/// <summary>PUBACK, PUBREC, PUBREL and PUBCOMP (sections 3.4 to 3.7).</summary>
internal static class AcknowledgementReader
{
    public static Packet Read(ref PacketReader body, PacketType type, ProtocolVersion version, PeerRole peer, bool lends)
    {
        var packetId = body.ReadPacketId();
        if (version != ProtocolVersion.V5 || body.IsAtEnd)
        {
            return lends ? ((AcknowledgementPacket)(LentPackets.Take(type) ?? Bare(type, packetId))).Lend(packetId) : Bare(type, packetId);
        }

        // Without a byte after the reason code the property length counts as 0.
        var reasonCode = ReasonCodes.Read(ref body, type, peer);
        var properties = body.IsAtEnd ? ReasonProperties.None : ReasonProperties.Read(ref body, (PropertyScope)type);
        return Full(type, packetId, reasonCode, properties);
    }

    private static Packet Bare(PacketType type, ushort packetId) => type switch
    {
        PacketType.PubAck => new PubAckPacket { PacketId = packetId },
        PacketType.PubRec => new PubRecPacket { PacketId = packetId },
        PacketType.PubRel => new PubRelPacket { PacketId = packetId },
        _ => new PubCompPacket { PacketId = packetId },
    };

    private static Packet Full(PacketType type, ushort packetId, ReasonCode reasonCode, ReasonProperties properties)
    {
        var (reason, userProperties) = properties;
        return type switch
        {
            PacketType.PubAck => new PubAckPacket
            {
                PacketId = packetId,
                ReasonCode = reasonCode,
                ReasonString = reason,
                UserProperties = userProperties,
            },
            PacketType.PubRec => new PubRecPacket
            {
                PacketId = packetId,
                ReasonCode = reasonCode,
                ReasonString = reason,
                UserProperties = userProperties,
            },
            PacketType.PubRel => new PubRelPacket
            {
                PacketId = packetId,
                ReasonCode = reasonCode,
                ReasonString = reason,
                UserProperties = userProperties,
            },
            _ => new PubCompPacket
            {
                PacketId = packetId,
                ReasonCode = reasonCode,
                ReasonString = reason,
                UserProperties = userProperties,
            },
        };
    }
}
