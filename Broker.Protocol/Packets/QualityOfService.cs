namespace Broker.Protocol.Packets;

/// <summary>Delivery guarantee of a PUBLISH or a subscription (section 4.3).</summary>
public enum QualityOfService : byte
{
    /// <summary>QoS 0: no acknowledgement.</summary>
    AtMostOnce = 0,

    /// <summary>QoS 1: PUBACK.</summary>
    AtLeastOnce = 1,

    /// <summary>QoS 2: PUBREC, PUBREL, PUBCOMP.</summary>
    ExactlyOnce = 2,
}
