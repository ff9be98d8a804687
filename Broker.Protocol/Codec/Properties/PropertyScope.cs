namespace Broker.Protocol.Codec.Properties;

/// <summary>Where properties stand: a packet, with the number of its type, or the will within CONNECT.</summary>
internal enum PropertyScope : byte
{
    Will = 0,
    Connect = 1,
    ConnAck = 2,
    Publish = 3,
    PubAck = 4,
    PubRec = 5,
    PubRel = 6,
    PubComp = 7,
    Subscribe = 8,
    SubAck = 9,
    Unsubscribe = 10,
    UnsubAck = 11,
    Disconnect = 14,
    Auth = 15,
}
