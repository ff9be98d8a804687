using Broker.Protocol.Codec.Reading;
using Broker.Protocol.Packets;

namespace Broker.Protocol.Codec;

/// <summary>The protocol name and level that open CONNECT (sections 3.1.2.1 and 3.1.2.2).</summary>
internal static class ProtocolLevel
{
    /// <summary>Mosquitto's mark of a bridge in the level of MQTT 3.1 and 3.1.1.</summary>
    public const byte BridgeBit = 0x80;

    public const string Name = "MQTT";

    public const string NameOfMqtt31 = "MQIsdp";

    /// <summary>
    /// Sets the version as soon as the level is known. Where it is none of ours the answer is that of MQTT 3.1.1, return code 1, which it demands
    /// [MQTT-3.1.2-2] and MQTT 5 leaves open.
    /// </summary>
    public static void Read(ref PacketReader body, ref ProtocolVersion version, out bool isBridge)
    {
        var name = body.ReadString();
        var level = body.ReadByte();
        ProtocolVersion? known = (name, level) switch
        {
            (Name, 5) => ProtocolVersion.V5,
            (Name, 4 or (4 | BridgeBit)) => ProtocolVersion.V311,
            (NameOfMqtt31, 3 or (3 | BridgeBit)) => ProtocolVersion.V31,
            _ => null,
        };
        version = known ?? ProtocolVersion.V311;
        isBridge = (level & BridgeBit) != 0;
        if (known is null)
        {
            Fault.With(ReasonCode.UnsupportedProtocolVersion, $"protocol level {level} of an unknown or another protocol");
        }
    }
}
