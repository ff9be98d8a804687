using Broker.Actors.Routing;
using Broker.Protocol.Packets;

namespace Broker.Actors.Connections;

/// <summary>What actors tell a connection; handled on its event loop.</summary>
internal static class ConnectionProtocol
{
    /// <summary>CONNECT succeeded.</summary>
    /// <param name="SessionPresent">There was a session, and it goes on.</param>
    /// <param name="IsDurable">The entity keeps the session's state; otherwise the connection does.</param>
    internal sealed record SessionBound(bool SessionPresent, bool IsDurable);

    /// <summary>CONNECT failed.</summary>
    internal sealed record SessionRefused(ReasonCode ReasonCode, string Reason);

    /// <summary>The broker ends the connection.</summary>
    internal sealed record Disconnect(ReasonCode ReasonCode, string Reason);

    /// <summary>Messages of a durable session, in order, with the packet ids that the entity gave them.</summary>
    internal sealed record Deliveries(IReadOnlyList<NumberedDelivery> Items);

    /// <summary>PUBREL of a durable session.</summary>
    internal sealed record Release(ushort PacketId, ReasonCode ReasonCode);

    /// <summary>Retained messages of QoS 0 for a durable session that has just subscribed.</summary>
    internal sealed record Unnumbered(IReadOnlyList<Delivery> Items);

    /// <summary>SUBACK of a durable session.</summary>
    internal sealed record Subscribed(ushort PacketId, IReadOnlyList<ReasonCode> ReasonCodes);

    /// <summary>UNSUBACK of a durable session.</summary>
    internal sealed record Unsubscribed(ushort PacketId, IReadOnlyList<ReasonCode> ReasonCodes);

    /// <summary>The identity of a QoS 2 PUBLISH.</summary>
    /// <param name="PacketId">Its packet id.</param>
    /// <param name="Id">The same each time it is resent.</param>
    /// <param name="LowestUnreleased">No number below it will be sent again.</param>
    /// <param name="AlreadyRouted">It has been delivered before; only PUBREC is due.</param>
    /// <param name="Refusal">Too many are unreleased, or null.</param>
    internal sealed record InboundNumbered(
        ushort PacketId, MessageId Id, long LowestUnreleased, bool AlreadyRouted, ReasonCode? Refusal = null);

    /// <summary>PUBREL has been committed: PUBCOMP is due.</summary>
    internal sealed record InboundReleased(ushort PacketId, bool WasKnown);

    /// <summary>A publish of this connection has been taken, or refused, by everyone it went to.</summary>
    internal sealed record PublishCompleted;

    /// <summary>Retained messages that a live session's SUBSCRIBE waited for may be read now.</summary>
    internal sealed record RetainedCaughtUp(Retained.RetainedRequest Request);
}

/// <summary>A delivery with the packet id under which the session's client will acknowledge it.</summary>
internal readonly record struct NumberedDelivery(Delivery Delivery, ushort PacketId, bool Duplicate);
