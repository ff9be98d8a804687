using Broker.Protocol.Packets;

namespace Broker.Actors.Sessions;

/// <summary>A message that a connection has been given for its client, and that is not finished.</summary>
/// <param name="PacketId">1 to 65,535.</param>
/// <param name="Position">Its place in the queue.</param>
/// <param name="QoS">1 or 2.</param>
/// <param name="Step">How far its handshake is.</param>
internal readonly record struct OutboundReport(ushort PacketId, long Position, QualityOfService QoS, OutboundProgress Step);

/// <summary>How far an outbound handshake is, as the connection sees it. On the wire: never renumbered.</summary>
internal enum OutboundProgress : byte
{
    /// <summary>PUBLISH is sent or about to be.</summary>
    Sent = 0,

    /// <summary>PUBREC has come, and was told the entity.</summary>
    Received = 1,

    /// <summary>PUBREL is sent.</summary>
    Released = 2,
}

/// <summary>A QoS 2 publish of the client on this connection.</summary>
/// <param name="PacketId">1 to 65,535.</param>
/// <param name="Step">What the entity must know, or is asked for.</param>
/// <param name="Picks">As in <see cref="SessionProtocol.NumberInbound"/>, where that is asked for.</param>
/// <param name="RenewsPicks">Likewise.</param>
internal readonly record struct InboundReport(ushort PacketId, InboundProgress Step, byte[]? Picks = null, bool RenewsPicks = false);

/// <summary>How far an inbound QoS 2 handshake is, as the connection sees it. On the wire: never renumbered.</summary>
internal enum InboundProgress : byte
{
    /// <summary>Its number is asked for.</summary>
    Numbering = 0,

    /// <summary>It has its number, and is on its way.</summary>
    Routing = 1,

    /// <summary>Everyone has it.</summary>
    Routed = 2,

    /// <summary>PUBREL has come, and was told the entity.</summary>
    Releasing = 3,

    /// <summary>It was refused: the number under this packet id is not used any more.</summary>
    Forgotten = 4,

    /// <summary>An earlier one was refused, and the number of the next is asked for.</summary>
    ForgottenAndNumbering = 5,
}
