namespace Broker.Actors.Sessions;

/// <summary>What an acknowledgement of the client meant to the <see cref="InflightWindow{T}"/>.</summary>
internal enum Acknowledgement
{
    /// <summary>It was due, and the state has moved on.</summary>
    Accepted,

    /// <summary>A PUBREC that has been accepted before: PUBREL is sent again, nothing else changes.</summary>
    Repeated,

    /// <summary>No message with this packet id is in flight; PUBREC is answered by PUBREL with 0x92.</summary>
    UnknownPacketId,

    /// <summary>The message in flight does not wait for this packet: a protocol error.</summary>
    WrongState,
}
