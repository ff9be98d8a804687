using Broker.Protocol.Codec.Properties;
using Broker.Protocol.Packets;

namespace Broker.Protocol.Codec.Reading;

/// <summary>DISCONNECT (section 3.14). In MQTT 3 it is empty.</summary>
internal static class DisconnectReader
{
    public static DisconnectPacket Read(ref PacketReader body, ProtocolVersion version, PeerRole peer)
    {
        if (version != ProtocolVersion.V5 || body.IsAtEnd)
        {
            return new DisconnectPacket();
        }

        var reasonCode = ReasonCodes.Read(ref body, PacketType.Disconnect, peer);
        return body.IsAtEnd ? new DisconnectPacket { ReasonCode = reasonCode } : ReadFull(ref body, reasonCode, peer);
    }

    private static DisconnectPacket ReadFull(ref PacketReader body, ReasonCode reasonCode, PeerRole peer)
    {
        uint? sessionExpiryInterval = null;
        string? reasonString = null;
        string? serverReference = null;
        var properties = new PropertyReader(ref body, PropertyScope.Disconnect);
        while (properties.Next(out var id))
        {
            switch (id)
            {
                case PropertyId.SessionExpiryInterval:
                    ExpectFrom(PeerRole.Client, peer, id); // [MQTT-3.14.2-2]
                    sessionExpiryInterval = properties.Value.ReadUInt32();
                    break;
                case PropertyId.ServerReference:
                    ExpectFrom(PeerRole.Server, peer, id);
                    serverReference = properties.Value.ReadString();
                    break;
                default:
                    reasonString = properties.Value.ReadString();
                    break;
            }
        }

        return new DisconnectPacket
        {
            ReasonCode = reasonCode,
            SessionExpiryInterval = sessionExpiryInterval,
            ReasonString = reasonString,
            ServerReference = serverReference,
            UserProperties = properties.UserProperties,
        };
    }

    private static void ExpectFrom(PeerRole owner, PeerRole peer, PropertyId id)
    {
        if (owner != peer)
        {
            Fault.Protocol($"{id} in a DISCONNECT from the wrong side");
        }
    }
}
