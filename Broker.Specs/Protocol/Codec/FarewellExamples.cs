using Broker.Protocol.Codec;
using Broker.Protocol.Packets;

namespace Broker.Specs.Protocol.Codec;

/// <summary>PINGREQ, PINGRESP, DISCONNECT and AUTH (sections 3.12 to 3.15).</summary>
internal static class FarewellExamples
{
    public static readonly WireExample[] All =
    [
        new("PINGREQ", PeerRole.Client, ProtocolVersion.V311, "C0 00", PingReqPacket.Instance),
        new("PINGRESP", PeerRole.Server, ProtocolVersion.V5, "D0 00", PingRespPacket.Instance),
        new("DISCONNECT", PeerRole.Client, ProtocolVersion.V31, "E0 00", new DisconnectPacket()),
        new("DISCONNECT", PeerRole.Client, ProtocolVersion.V5, "E0 00", new DisconnectPacket()),
        new("DISCONNECT spelt out", PeerRole.Client, ProtocolVersion.V5, "E0 02 00 00", new DisconnectPacket(), IsCanonical: false),
        new(
            "DISCONNECT 0x04",
            PeerRole.Client,
            ProtocolVersion.V5,
            "E0 01 04",
            new DisconnectPacket { ReasonCode = ReasonCode.DisconnectWithWillMessage }),
        new(
            "DISCONNECT with a new expiry",
            PeerRole.Client,
            ProtocolVersion.V5,
            "E0 07 00 05 11 00000078",
            new DisconnectPacket { SessionExpiryInterval = 120 }),
        new(
            "DISCONNECT from the server",
            PeerRole.Server,
            ProtocolVersion.V5,
            "E0 14 9D 12 1F <bye> 1C <ab> 26 <k> <v>",
            new DisconnectPacket
            {
                ReasonCode = ReasonCode.ServerMoved,
                ReasonString = "bye",
                ServerReference = "ab",
                UserProperties = [new UserProperty("k", "v")],
            }),
        new("AUTH, empty", PeerRole.Server, ProtocolVersion.V5, "F0 00", new AuthPacket()),
        new(
            "AUTH",
            PeerRole.Client,
            ProtocolVersion.V5,
            "F0 18 18 16 15 <M> 16 0002 01 02 1F <why> 26 <k> <v>",
            new AuthPacket
            {
                ReasonCode = ReasonCode.ContinueAuthentication,
                AuthenticationMethod = "M",
                AuthenticationData = new byte[] { 1, 2 },
                ReasonString = "why",
                UserProperties = [new UserProperty("k", "v")],
            }),
    ];
}
