namespace Broker.Actors.Sessions;

/// <summary>What a PUBLISH at QoS 2 is to <see cref="InboundExactlyOnce"/>.</summary>
internal enum InboundPublish
{
    /// <summary>A message to be passed on.</summary>
    New,

    /// <summary>Passed on before: PUBREC only [MQTT-4.3.3-10].</summary>
    Duplicate,

    /// <summary>More than Receive Maximum allows: DISCONNECT with 0x93 [MQTT-3.3.4-7].</summary>
    OverQuota,
}
