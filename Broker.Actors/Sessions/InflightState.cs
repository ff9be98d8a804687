namespace Broker.Actors.Sessions;

/// <summary>What an outbound message waits for, and so what is sent again after a reconnect [MQTT-4.4.0-1].</summary>
internal enum InflightState : byte
{
    /// <summary>QoS 1, sent: PUBLISH again, with DUP.</summary>
    AwaitingPubAck,

    /// <summary>QoS 2, sent: PUBLISH again, with DUP.</summary>
    AwaitingPubRec,

    /// <summary>QoS 2, taken by the client: PUBREL again.</summary>
    AwaitingPubComp,
}
