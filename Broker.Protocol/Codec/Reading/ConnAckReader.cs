using Broker.Protocol.Packets;

namespace Broker.Protocol.Codec.Reading;

/// <summary>CONNACK (section 3.2).</summary>
internal static class ConnAckReader
{
    public static ConnAckPacket Read(ref PacketReader body, ProtocolVersion version)
    {
        var flags = body.ReadByte();
        if ((flags & 0xFE) != 0)
        {
            Fault.Malformed($"reserved bits in connect acknowledge flags 0x{flags:X2}"); // [MQTT-3.2.2-1]
        }

        var reasonCode = version == ProtocolVersion.V5
            ? ReasonCodes.Read(ref body, PacketType.ConnAck, PeerRole.Server)
            : ReturnCode.ToReasonCode(body.ReadByte());
        var sessionPresent = flags == 1 && version != ProtocolVersion.V31; // a reserved byte there
        if (sessionPresent && reasonCode != ReasonCode.Success)
        {
            Fault.Protocol("a refusal with Session Present"); // [MQTT-3.2.2-6]
        }

        var properties = version == ProtocolVersion.V5 ? ConnAckProperties.Read(ref body) : new ConnAckProperties();
        return new ConnAckPacket
        {
            SessionPresent = sessionPresent,
            ReasonCode = reasonCode,
            SessionExpiryInterval = properties.Negotiated.SessionExpiryInterval,
            ReceiveMaximum = properties.Negotiated.ReceiveMaximum,
            MaximumQoS = properties.MaximumQoS,
            RetainAvailable = properties.RetainAvailable,
            MaximumPacketSize = properties.Negotiated.MaximumPacketSize,
            AssignedClientIdentifier = properties.AssignedClientIdentifier,
            TopicAliasMaximum = properties.Negotiated.TopicAliasMaximum,
            WildcardSubscriptionAvailable = properties.WildcardSubscriptionAvailable,
            SubscriptionIdentifiersAvailable = properties.SubscriptionIdentifiersAvailable,
            SharedSubscriptionAvailable = properties.SharedSubscriptionAvailable,
            ServerKeepAlive = properties.ServerKeepAlive,
            ResponseInformation = properties.ResponseInformation,
            ServerReference = properties.ServerReference,
            ReasonString = properties.ReasonString,
            AuthenticationMethod = properties.Negotiated.Authentication.Method,
            AuthenticationData = properties.Negotiated.Authentication.Data,
            UserProperties = properties.UserProperties,
        };
    }
}
