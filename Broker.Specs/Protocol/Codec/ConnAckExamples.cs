using Broker.Protocol.Codec;
using Broker.Protocol.Packets;

namespace Broker.Specs.Protocol.Codec;

/// <summary>CONNACK (section 3.2).</summary>
internal static class ConnAckExamples
{
    public static readonly WireExample[] All =
    [
        Server("CONNACK, accepted", ProtocolVersion.V31, "20 02 00 00", new ConnAckPacket()),
        Server("CONNACK, session present", ProtocolVersion.V311, "20 02 01 00", new ConnAckPacket { SessionPresent = true }),
        Server("CONNACK 1", ProtocolVersion.V311, "20 02 00 01", Refused(ReasonCode.UnsupportedProtocolVersion)),
        Server("CONNACK 2", ProtocolVersion.V311, "20 02 00 02", Refused(ReasonCode.ClientIdentifierNotValid)),
        Server("CONNACK 3", ProtocolVersion.V311, "20 02 00 03", Refused(ReasonCode.ServerUnavailable)),
        Server("CONNACK 4", ProtocolVersion.V311, "20 02 00 04", Refused(ReasonCode.BadUserNameOrPassword)),
        Server("CONNACK 5", ProtocolVersion.V31, "20 02 00 05", Refused(ReasonCode.NotAuthorized)),
        Server("CONNACK, accepted", ProtocolVersion.V5, "20 03 00 00 00", new ConnAckPacket()),
        Server("CONNACK 0x87", ProtocolVersion.V5, "20 03 00 87 00", Refused(ReasonCode.NotAuthorized)),
        Server(
            "CONNACK with every property",
            ProtocolVersion.V5,
            "20 4E 01 00 4B 11 00000E10 21 0064 24 01 25 00 27 00010000 12 <gen> 22 000A 1F <why> 28 01 29 00 2A 01 13 003C "
            + "1A <info> 1C <other> 15 <PLAIN> 16 0001 07 26 <k> <v>",
            new ConnAckPacket
            {
                SessionPresent = true,
                SessionExpiryInterval = 3600,
                ReceiveMaximum = 100,
                MaximumQoS = QualityOfService.AtLeastOnce,
                RetainAvailable = false,
                MaximumPacketSize = 65_536,
                AssignedClientIdentifier = "gen",
                TopicAliasMaximum = 10,
                ReasonString = "why",
                WildcardSubscriptionAvailable = true,
                SubscriptionIdentifiersAvailable = false,
                SharedSubscriptionAvailable = true,
                ServerKeepAlive = 60,
                ResponseInformation = "info",
                ServerReference = "other",
                AuthenticationMethod = "PLAIN",
                AuthenticationData = new byte[] { 7 },
                UserProperties = [new UserProperty("k", "v")],
            }),
    ];

    private static ConnAckPacket Refused(ReasonCode code) => new() { ReasonCode = code };

    private static WireExample Server(string name, ProtocolVersion version, string bytes, ConnAckPacket packet) =>
        new(name, PeerRole.Server, version, bytes, packet);
}
