using Broker.Protocol.Codec.Properties;
using Broker.Protocol.Packets;

namespace Broker.Protocol.Codec.Reading;

/// <summary>AUTH (section 3.15).</summary>
internal static class AuthReader
{
    public static AuthPacket Read(ref PacketReader body, PeerRole peer)
    {
        if (body.IsAtEnd)
        {
            if (!ReasonCodes.IsAllowed(ReasonCode.Success, PacketType.Auth, peer))
            {
                Fault.ForbiddenReason(PacketType.Auth, (byte)ReasonCode.Success);
            }

            return new AuthPacket();
        }

        var reasonCode = ReasonCodes.Read(ref body, PacketType.Auth, peer);
        string? reasonString = null;
        var authentication = default(AuthenticationProperties);
        var properties = new PropertyReader(ref body, PropertyScope.Auth);
        while (properties.Next(out var id))
        {
            if (!authentication.TryRead(id, ref properties))
            {
                reasonString = properties.Value.ReadString();
            }
        }

        if (authentication.Method is null)
        {
            Fault.Protocol("AUTH without an authentication method"); // section 3.15.2.2.2
        }

        return new AuthPacket
        {
            ReasonCode = reasonCode,
            AuthenticationMethod = authentication.Method,
            AuthenticationData = authentication.Data,
            ReasonString = reasonString,
            UserProperties = properties.UserProperties,
        };
    }
}
