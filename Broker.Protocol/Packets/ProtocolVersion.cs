namespace Broker.Protocol.Packets;

/// <summary>The protocol level of CONNECT (section 3.1.2.2). The values are those on the wire.</summary>
public enum ProtocolVersion : byte
{
    /// <summary>MQTT 3.1, protocol name "MQIsdp".</summary>
    V31 = 3,

    /// <summary>MQTT 3.1.1.</summary>
    V311 = 4,

    /// <summary>MQTT 5.0.</summary>
    V5 = 5,
}
