using Broker.Protocol.Codec;
using Broker.Protocol.Packets;

namespace Broker.Specs.Protocol.Codec;

/// <summary>CONNECT (section 3.1).</summary>
internal static class ConnectExamples
{
    public static readonly WireExample[] All =
    [
        Client(
            "CONNECT, the least",
            ProtocolVersion.V31,
            "10 0F 0006 4D 51 49 73 64 70 03 02 003C 0001 63",
            new ConnectPacket { Version = ProtocolVersion.V31, ClientId = "c", KeepAlive = 60, SessionExpiryInterval = 0 }),
        Client(
            "CONNECT of a bridge",
            ProtocolVersion.V31,
            "10 0F <MQIsdp> 83 02 003C <c>",
            new ConnectPacket { Version = ProtocolVersion.V31, IsBridge = true, ClientId = "c", KeepAlive = 60, SessionExpiryInterval = 0 }),
        Client(
            "CONNECT with a client id of over 23 bytes",
            ProtocolVersion.V31,
            "10 28 <MQIsdp> 03 02 0000 <abcdefghijklmnopqrstuvwxyz>",
            new ConnectPacket { Version = ProtocolVersion.V31, ClientId = "abcdefghijklmnopqrstuvwxyz", SessionExpiryInterval = 0 }),
        new WireExample(
            "CONNECT whose remaining length leaves user name and password out",
            PeerRole.Client,
            ProtocolVersion.V31,
            "10 0F <MQIsdp> 03 C2 003C <c>",
            new ConnectPacket { Version = ProtocolVersion.V31, ClientId = "c", KeepAlive = 60, SessionExpiryInterval = 0 },
            IsCanonical: false),
        Client(
            "CONNECT, the least",
            ProtocolVersion.V311,
            "10 0C 0004 4D 51 54 54 04 02 0000 0000",
            new ConnectPacket { Version = ProtocolVersion.V311, ClientId = string.Empty, SessionExpiryInterval = 0 }),
        Client(
            "CONNECT of a bridge with a kept session",
            ProtocolVersion.V311,
            "10 0D <MQTT> 84 00 000A <b>",
            new ConnectPacket
            {
                Version = ProtocolVersion.V311,
                IsBridge = true,
                ClientId = "b",
                CleanStart = false,
                KeepAlive = 10,
                SessionExpiryInterval = uint.MaxValue,
            }),
        Client(
            "CONNECT with everything",
            ProtocolVersion.V311,
            "10 22 <MQTT> 04 F6 FFFF <id> <w/t> 0002 00 FF <user> 0003 01 02 03",
            new ConnectPacket
            {
                Version = ProtocolVersion.V311,
                ClientId = "id",
                KeepAlive = 65_535,
                UserName = "user",
                Password = new byte[] { 1, 2, 3 },
                SessionExpiryInterval = 0,
                Will = new WillMessage
                {
                    Topic = "w/t",
                    Payload = new byte[] { 0, 255 },
                    QoS = QualityOfService.ExactlyOnce,
                    Retain = true,
                },
            }),
        Client(
            "CONNECT, the least",
            ProtocolVersion.V5,
            "10 0D 0004 4D 51 54 54 05 02 0000 00 0000",
            new ConnectPacket { Version = ProtocolVersion.V5, ClientId = string.Empty }),
        Client(
            "CONNECT with a password and no user name",
            ProtocolVersion.V5,
            "10 10 <MQTT> 05 40 0000 00 <> <p>",
            new ConnectPacket { Version = ProtocolVersion.V5, ClientId = string.Empty, CleanStart = false, Password = "p"u8.ToArray() }),
        Client(
            "CONNECT with every property",
            ProtocolVersion.V5,
            "10 81 01 <MQTT> 05 EE 000A "
            + "2F 11 0000000A 21 0014 27 00000100 22 0005 19 01 17 00 15 <PLAIN> 16 0002 01 02 26 <k> <v> 26 <k> <w> "
            + "<cid> "
            + "34 18 0000001E 02 0000003C 01 01 03 <text> 08 <r> 09 0001 09 26 <a> <b> 26 <> <> 26 <a> <0123456> "
            + "<w> 0002 'hi' <u> <p>",
            new ConnectPacket
            {
                Version = ProtocolVersion.V5,
                ClientId = "cid",
                KeepAlive = 10,
                SessionExpiryInterval = 10,
                ReceiveMaximum = 20,
                MaximumPacketSize = 256,
                TopicAliasMaximum = 5,
                RequestResponseInformation = true,
                RequestProblemInformation = false,
                AuthenticationMethod = "PLAIN",
                AuthenticationData = new byte[] { 1, 2 },
                UserProperties = [new UserProperty("k", "v"), new UserProperty("k", "w")],
                UserName = "u",
                Password = "p"u8.ToArray(),
                Will = new WillMessage
                {
                    Topic = "w",
                    Payload = "hi"u8.ToArray(),
                    QoS = QualityOfService.AtLeastOnce,
                    Retain = true,
                    DelayInterval = 30,
                    Properties = new PublishProperties
                    {
                        PayloadIsUtf8 = true,
                        MessageExpiryInterval = 60,
                        ContentType = "text",
                        ResponseTopic = "r",
                        CorrelationData = new byte[] { 9 },
                        UserProperties =
                            [new UserProperty("a", "b"), new UserProperty(string.Empty, string.Empty), new UserProperty("a", "0123456")],
                    },
                },
            }),
    ];

    private static WireExample Client(string name, ProtocolVersion version, string bytes, ConnectPacket packet) =>
        new(name, PeerRole.Client, version, bytes, packet);
}
