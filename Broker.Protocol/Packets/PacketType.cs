namespace Broker.Protocol.Packets;

/// <summary>The control packet type in bits 7 to 4 of the first byte (section 2.1.2).</summary>
public enum PacketType : byte
{
    /// <summary>Client to server: opens the session.</summary>
    Connect = 1,

    /// <summary>Server to client: answers CONNECT.</summary>
    ConnAck = 2,

    /// <summary>Either way: carries an application message.</summary>
    Publish = 3,

    /// <summary>Either way: acknowledges a QoS 1 PUBLISH.</summary>
    PubAck = 4,

    /// <summary>Either way: QoS 2, first answer.</summary>
    PubRec = 5,

    /// <summary>Either way: QoS 2, release.</summary>
    PubRel = 6,

    /// <summary>Either way: QoS 2, complete.</summary>
    PubComp = 7,

    /// <summary>Client to server: makes subscriptions.</summary>
    Subscribe = 8,

    /// <summary>Server to client: answers SUBSCRIBE.</summary>
    SubAck = 9,

    /// <summary>Client to server: ends subscriptions.</summary>
    Unsubscribe = 10,

    /// <summary>Server to client: answers UNSUBSCRIBE.</summary>
    UnsubAck = 11,

    /// <summary>Client to server: keep alive.</summary>
    PingReq = 12,

    /// <summary>Server to client: answers PINGREQ.</summary>
    PingResp = 13,

    /// <summary>Client to server, and in MQTT 5 either way: ends the connection.</summary>
    Disconnect = 14,

    /// <summary>MQTT 5, either way: enhanced authentication.</summary>
    Auth = 15,
}
