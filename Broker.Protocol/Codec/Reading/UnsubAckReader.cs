using Broker.Protocol.Codec.Properties;
using Broker.Protocol.Packets;

namespace Broker.Protocol.Codec.Reading;

/// <summary>UNSUBACK (section 3.11). In MQTT 3 it is a packet identifier and no more.</summary>
internal static class UnsubAckReader
{
    public static UnsubAckPacket Read(ref PacketReader body, ProtocolVersion version)
    {
        var packetId = body.ReadPacketId();
        if (version != ProtocolVersion.V5)
        {
            return new UnsubAckPacket { PacketId = packetId, ReasonCodes = [] };
        }

        var properties = ReasonProperties.Read(ref body, PropertyScope.UnsubAck);
        return new UnsubAckPacket
        {
            PacketId = packetId,
            ReasonCodes = ReadReasonCodes(ref body),
            ReasonString = properties.ReasonString,
            UserProperties = properties.UserProperties,
        };
    }

    private static ReasonCode[] ReadReasonCodes(ref PacketReader body)
    {
        if (body.IsAtEnd)
        {
            Fault.Protocol("UNSUBACK without a reason code");
        }

        var codes = new ReasonCode[body.Remaining];
        for (var i = 0; i < codes.Length; i++)
        {
            codes[i] = ReasonCodes.Read(ref body, PacketType.UnsubAck, PeerRole.Server);
        }

        return codes;
    }
}
