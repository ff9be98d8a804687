using Broker.Protocol.Packets;

namespace Broker.Protocol.Codec;

/// <summary>The connect return codes of MQTT 3 (3.1.1, section 3.2.2.3), to and from the reason codes of MQTT 5.</summary>
internal static class ReturnCode
{
    private const byte Accepted = 0;
    private const byte UnacceptableProtocolVersion = 1;
    private const byte IdentifierRejected = 2;
    private const byte ServerUnavailable = 3;
    private const byte BadUserNameOrPassword = 4;
    private const byte NotAuthorized = 5;

    /// <summary>What has no return code of its own counts as the server being unavailable.</summary>
    public static byte FromReasonCode(ReasonCode code) => code switch
    {
        ReasonCode.Success => Accepted,
        ReasonCode.UnsupportedProtocolVersion => UnacceptableProtocolVersion,
        ReasonCode.ClientIdentifierNotValid => IdentifierRejected,
        ReasonCode.BadUserNameOrPassword => BadUserNameOrPassword,
        ReasonCode.NotAuthorized or ReasonCode.Banned or ReasonCode.BadAuthenticationMethod => NotAuthorized,
        _ => ServerUnavailable,
    };

    /// <exception cref="MqttProtocolException">The code is above 5.</exception>
    public static ReasonCode ToReasonCode(byte code)
    {
        if (code > NotAuthorized)
        {
            Fault.ForbiddenReason(PacketType.ConnAck, code);
        }

        return code switch
        {
            Accepted => ReasonCode.Success,
            UnacceptableProtocolVersion => ReasonCode.UnsupportedProtocolVersion,
            IdentifierRejected => ReasonCode.ClientIdentifierNotValid,
            ServerUnavailable => ReasonCode.ServerUnavailable,
            BadUserNameOrPassword => ReasonCode.BadUserNameOrPassword,
            _ => ReasonCode.NotAuthorized,
        };
    }
}
