using Broker.Protocol.Codec.Properties;
using Broker.Protocol.Packets;

namespace Broker.Protocol.Codec.Reading;

/// <summary>SUBACK (section 3.9).</summary>
internal static class SubAckReader
{
    public static SubAckPacket Read(ref PacketReader body, ProtocolVersion version)
    {
        var packetId = body.ReadPacketId();
        var properties = version == ProtocolVersion.V5
            ? ReasonProperties.Read(ref body, PropertyScope.SubAck)
            : ReasonProperties.None;
        return new SubAckPacket
        {
            PacketId = packetId,
            ReasonCodes = ReadReasonCodes(ref body, version),
            ReasonString = properties.ReasonString,
            UserProperties = properties.UserProperties,
        };
    }

    private static ReasonCode[] ReadReasonCodes(ref PacketReader body, ProtocolVersion version)
    {
        if (body.IsAtEnd)
        {
            Fault.Protocol("SUBACK without a reason code");
        }

        var codes = new ReasonCode[body.Remaining];
        for (var i = 0; i < codes.Length; i++)
        {
            codes[i] = ReasonCodes.Read(ref body, PacketType.SubAck, PeerRole.Server);
            if (version != ProtocolVersion.V5 && codes[i] > ReasonCode.UnspecifiedError)
            {
                Fault.ForbiddenReason(PacketType.SubAck, (byte)codes[i]); // MQTT 3 has 0, 1, 2 and 0x80
            }
        }

        return codes;
    }
}
