using Broker.Protocol.Packets;
using static Broker.Protocol.Packets.ReasonCode;

namespace Broker.Protocol.Codec.Reading;

/// <summary>Which reason code each packet of MQTT 5 may carry, and from whom (section 2.4 and those of the packets).</summary>
internal static class ReasonCodes
{
    /// <exception cref="MqttProtocolException">The code is unknown, or not this peer's to send here.</exception>
    public static ReasonCode Read(ref PacketReader body, PacketType type, PeerRole peer)
    {
        var code = body.ReadByte();
        if (!IsAllowed((ReasonCode)code, type, peer))
        {
            Fault.ForbiddenReason(type, code);
        }

        return (ReasonCode)code;
    }

    public static bool IsAllowed(ReasonCode code, PacketType type, PeerRole peer) => type switch
    {
        PacketType.ConnAck => InConnAck(code),
        PacketType.PubAck or PacketType.PubRec => InPubAck(code, peer),
        PacketType.PubRel or PacketType.PubComp => code is Success or PacketIdentifierNotFound,
        PacketType.SubAck => InSubAck(code),
        PacketType.UnsubAck => InUnsubAck(code),
        PacketType.Disconnect => InDisconnect(code, peer),
        PacketType.Auth => code == ContinueAuthentication || code == (peer == PeerRole.Client ? ReAuthenticate : Success),
        _ => false,
    };

    private static bool InConnAck(ReasonCode code) => code is Success
        or (>= UnspecifiedError and <= Banned)
        or BadAuthenticationMethod or TopicNameInvalid or PacketTooLarge or QuotaExceeded
        or (>= PayloadFormatInvalid and <= ServerMoved)
        or ConnectionRateExceeded;

    private static bool InPubAck(ReasonCode code, PeerRole peer) => code switch
    {
        NoMatchingSubscribers => peer == PeerRole.Server,
        _ => code is Success or UnspecifiedError or ImplementationSpecificError or NotAuthorized or TopicNameInvalid
            or PacketIdentifierInUse or QuotaExceeded or PayloadFormatInvalid,
    };

    private static bool InSubAck(ReasonCode code) => code is <= GrantedQoS2
        or UnspecifiedError or ImplementationSpecificError or NotAuthorized or TopicFilterInvalid or PacketIdentifierInUse
        or QuotaExceeded or SharedSubscriptionsNotSupported or SubscriptionIdentifiersNotSupported
        or WildcardSubscriptionsNotSupported;

    private static bool InUnsubAck(ReasonCode code) => code is Success or NoSubscriptionExisted
        or UnspecifiedError or ImplementationSpecificError or NotAuthorized or TopicFilterInvalid or PacketIdentifierInUse;

    private static bool InDisconnect(ReasonCode code, PeerRole peer) => code switch
    {
        NormalDisconnection => true,
        (>= UnspecifiedError and <= ImplementationSpecificError) or TopicNameInvalid => true,
        >= ReceiveMaximumExceeded and <= PayloadFormatInvalid => true,
        DisconnectWithWillMessage => peer == PeerRole.Client,
        NotAuthorized or ServerBusy => peer == PeerRole.Server,
        >= ServerShuttingDown and <= TopicFilterInvalid => peer == PeerRole.Server,
        >= RetainNotSupported and <= WildcardSubscriptionsNotSupported => peer == PeerRole.Server,
        _ => false,
    };
}
