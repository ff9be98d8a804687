using Broker.Protocol.Packets;

namespace Broker.Protocol.Codec;

/// <summary>The first byte of a packet: its type, and flags that mean something in PUBLISH alone (section 2.1).</summary>
internal readonly struct FirstByte(byte value)
{
    private const int DuplicateFlag = 0b1000;

    /// <summary>Bits 7 to 4; may be 0, which is no type, until it is checked.</summary>
    public PacketType Type => (PacketType)(value >> 4);

    /// <summary>PUBLISH: DUP.</summary>
    public bool Duplicate => (value & DuplicateFlag) != 0;

    /// <summary>PUBLISH: QoS; may be 3 until it is checked.</summary>
    public QualityOfService QoS => (QualityOfService)((value >> 1) & 3);

    /// <summary>PUBLISH: RETAIN.</summary>
    public bool Retain => (value & 1) != 0;

    private int Flags => value & 0x0F;

    /// <summary>The first byte of any packet but PUBLISH.</summary>
    public static byte Of(PacketType type) => (byte)(((int)type << 4) | ReservedFlags(type));

    /// <summary>The first byte of a PUBLISH.</summary>
    public static byte OfPublish(QualityOfService qos, bool retain, bool duplicate) =>
        (byte)(((int)PacketType.Publish << 4) | (duplicate ? DuplicateFlag : 0) | ((int)qos << 1) | (retain ? 1 : 0));

    /// <summary>Whether the peer may send this type, with these flags.</summary>
    /// <exception cref="MqttProtocolException">It may not.</exception>
    public void Check(PeerRole peer, ProtocolVersion version)
    {
        if (Type == PacketType.Publish)
        {
            CheckPublishFlags();
            return;
        }

        if (Type == 0)
        {
            Fault.Malformed("packet type 0");
        }

        if (!IsSentBy(peer, version))
        {
            Fault.Protocol($"{Fault.Name(Type)} from a {(peer == PeerRole.Client ? "client" : "server")}");
        }

        if (Flags != ReservedFlags(Type) && !IsResentInMqtt31(version))
        {
            Fault.Malformed($"reserved flags 0x{Flags:X1} in {Fault.Name(Type)}");
        }
    }

    private static int ReservedFlags(PacketType type) =>
        type is PacketType.PubRel or PacketType.Subscribe or PacketType.Unsubscribe ? 0b0010 : 0;

    private void CheckPublishFlags()
    {
        if ((Flags & 0b0110) == 0b0110)
        {
            Fault.Malformed("PUBLISH at QoS 3");
        }

        if ((Flags & 0b1110) == DuplicateFlag)
        {
            Fault.Malformed("DUP in a PUBLISH at QoS 0"); // [MQTT-3.3.1-2]
        }
    }

    private bool IsSentBy(PeerRole peer, ProtocolVersion version) => Type switch
    {
        PacketType.Connect or PacketType.Subscribe or PacketType.Unsubscribe or PacketType.PingReq => peer == PeerRole.Client,
        PacketType.ConnAck or PacketType.SubAck or PacketType.UnsubAck or PacketType.PingResp => peer == PeerRole.Server,
        PacketType.Disconnect => peer == PeerRole.Client || version == ProtocolVersion.V5,
        PacketType.Auth => version == ProtocolVersion.V5,
        _ => true,
    };

    /// <summary>MQTT 3.1 had these three at QoS 1, and DUP set when they were sent again.</summary>
    private bool IsResentInMqtt31(ProtocolVersion version) =>
        version == ProtocolVersion.V31 && ReservedFlags(Type) != 0 && Flags == (ReservedFlags(Type) | DuplicateFlag);
}
