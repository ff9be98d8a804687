using Akka.Cluster;
using Broker.Actors.Routing;
using Broker.Actors.Security.Mechanisms;
using Broker.Protocol.Packets;

namespace Broker.Actors.Connections;

/// <summary>What actors tell a connection; handled on its event loop.</summary>
internal static class ConnectionProtocol
{
    /// <summary>CONNECT succeeded.</summary>
    /// <param name="SessionPresent">There was a session, and it goes on.</param>
    /// <param name="IsDurable">The entity keeps the session's state; otherwise the connection does.</param>
    /// <param name="Attempt">Of the CONNECT that is answered.</param>
    /// <param name="Home">The entity's node; null: this one.</param>
    internal sealed record SessionBound(bool SessionPresent, bool IsDurable, int Attempt = 0, UniqueAddress? Home = null);

    /// <summary>The client id was used under this number or a higher one: CONNECT is asked again under a number above it.</summary>
    internal sealed record Renumber(long Above);

    /// <summary>The entity, which is a new one or lacks something, asks for <see cref="Sessions.SessionProtocol.Attach"/>.</summary>
    internal sealed record Resume
    {
        public static Resume Instance { get; } = new();
    }

    /// <summary>The entity has taken up what <see cref="Sessions.SessionProtocol.Attach"/> told.</summary>
    /// <param name="Attachment">Which of them.</param>
    /// <param name="Home">The entity's node; null: this one.</param>
    internal sealed record Attached(int Attachment, UniqueAddress? Home);

    /// <summary>Nothing has come for a while: does the connection have everything?</summary>
    /// <param name="Told">The mark of the last message to it.</param>
    internal sealed record Check(LaneMark Told);

    /// <summary>A client that was held for its rate may be read from again, if all is paid.</summary>
    internal sealed record RatePaid
    {
        public static RatePaid Instance { get; } = new();
    }

    /// <summary>CONNECT failed.</summary>
    internal sealed record SessionRefused(ReasonCode ReasonCode, string Reason);

    /// <summary>The mechanism has taken the client's data.</summary>
    /// <param name="Exchange">Whose answer it is: one that is over does not count any more.</param>
    /// <param name="Step">The answer.</param>
    internal sealed record AuthenticationAnswered(IAuthenticationExchange Exchange, AuthenticationStep Step);

    /// <summary>The broker ends the connection.</summary>
    internal sealed record Disconnect(ReasonCode ReasonCode, string Reason);

    /// <summary>Messages of a durable session, in order, with the packet ids that the entity gave them.</summary>
    internal sealed record Deliveries(IReadOnlyList<NumberedDelivery> Items);

    /// <summary>PUBREL of a durable session.</summary>
    internal sealed record Release(ushort PacketId, ReasonCode ReasonCode, long Position = 0);

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
    /// <param name="Picks">The members that are written down for it, <see cref="SharedPicks"/>.</param>
    internal sealed record InboundNumbered(
        ushort PacketId, MessageId Id, long LowestUnreleased, bool AlreadyRouted, ReasonCode? Refusal = null, byte[]? Picks = null);

    /// <summary>PUBREL has been committed: PUBCOMP is due.</summary>
    internal sealed record InboundReleased(ushort PacketId, bool WasKnown);

    /// <summary>The CONNECT that waits may be answered by an entity that is no more: ask again.</summary>
    internal sealed record Reask
    {
        public static Reask Instance { get; } = new();
    }

    /// <summary>A publish of this connection has been taken, or refused, by everyone it went to.</summary>
    internal sealed record PublishCompleted;

    /// <summary>A node that was behind has caught up, or is gone.</summary>
    internal sealed record LinkDrained;

    /// <summary>Every member routes to what a live session has subscribed, or no longer to what it has unsubscribed: its answer is due.</summary>
    internal sealed record RoutesKnown(
        PacketType Type, ushort PacketId, IReadOnlyList<ReasonCode> ReasonCodes, Retained.RetainedRequest? Retained);

    /// <summary>Retained messages that a live session's SUBSCRIBE waited for may be read now.</summary>
    internal sealed record RetainedCaughtUp(Retained.RetainedRequest Request);
}

/// <summary>A delivery with the packet id under which the session's client will acknowledge it.</summary>
/// <param name="Delivery">The message.</param>
/// <param name="PacketId">1 to 65,535.</param>
/// <param name="Duplicate">Sent on an earlier connection too.</param>
/// <param name="Position">Its place in the session's queue.</param>
internal readonly record struct NumberedDelivery(Delivery Delivery, ushort PacketId, bool Duplicate, long Position = 0);
