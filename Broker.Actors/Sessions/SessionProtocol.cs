using Akka.Actor;
using Broker.Actors.Clustering.Wire;
using Broker.Actors.Connections;
using Broker.Actors.Inspection;
using Broker.Actors.Security;
using Broker.Protocol.Packets;

namespace Broker.Actors.Sessions;

/// <summary>A message that the shard region brings to the one <see cref="SessionActor"/> of a client id.</summary>
internal interface ISessionMessage : IWireMessage
{
    string ClientId { get; }
}

/// <summary>What connections and others tell the entity of a client id.</summary>
internal static class SessionProtocol
{
    /// <summary>A client wants this session. Answered by <see cref="ConnectionProtocol.SessionBound"/> or <see cref="ConnectionProtocol.SessionRefused"/>.</summary>
    /// <param name="ClientId">The client id.</param>
    /// <param name="Connection">Who asks.</param>
    /// <param name="CleanStart">Forget what there was.</param>
    /// <param name="SessionExpiry">How long the session outlives the connection, within the broker's limit.</param>
    /// <param name="ReceiveMaximum">In-flight QoS 1 and 2 messages towards the client.</param>
    /// <param name="Will">The will, or null.</param>
    /// <param name="Attempt">Comes back with the answer: an answer to an earlier one does not count.</param>
    /// <param name="WillAuthor">Whose right to publish the will is looked at when it is due; null where there is no will, or there are no rules.</param>
    internal sealed record Connect(
        string ClientId,
        ConnectionRef Connection,
        bool CleanStart,
        TimeSpan SessionExpiry,
        int ReceiveMaximum,
        WillMessage? Will,
        int Attempt = 0,
        ClientIdentity? WillAuthor = null) : ISessionMessage;

    /// <summary>The connection is gone, or gave up waiting.</summary>
    /// <param name="ClientId">The client id.</param>
    /// <param name="ConnectionNumber">Which one.</param>
    /// <param name="DiscardWill">The client said good-bye with DISCONNECT 0x00 [MQTT-3.14.4-3].</param>
    /// <param name="SessionExpiry">As changed by DISCONNECT, or null.</param>
    /// <param name="ConfirmTo">Who repeats this until <see cref="ConnectionRegistry.CloseConfirmed"/>; null: nobody.</param>
    internal sealed record ConnectionClosed(
        string ClientId, long ConnectionNumber, bool DiscardWill, TimeSpan? SessionExpiry, IActorRef? ConfirmTo = null) : ISessionMessage;

    /// <summary>A packet of a durable session's client. That of an older connection is ignored (hard case 9).</summary>
    internal abstract record FromConnection(string ClientId, long ConnectionNumber) : ISessionMessage
    {
        /// <summary>Its place among all that this connection tells.</summary>
        public LaneMark Mark { get; set; }
    }

    /// <summary>
    /// The connection's whole view of the session, to an entity that knows nothing of it, or from which something was lost (decision 0009). Answered by
    /// <see cref="ConnectionProtocol.Attached"/>; repeated until then.
    /// </summary>
    /// <param name="ClientId">The client id.</param>
    /// <param name="Connection">Who asks.</param>
    /// <param name="Attachment">Higher than all before it of this connection.</param>
    /// <param name="ReceiveMaximum">In-flight QoS 1 and 2 messages towards the client.</param>
    /// <param name="HighestPosition">Of the messages that came to this connection.</param>
    /// <param name="Outbound">What the client has not finished; whatever else up to the highest position came here, is finished.</param>
    /// <param name="Inbound">The client's QoS 2 publishes on this connection.</param>
    /// <param name="Subscribe">SUBSCRIBE that has not been answered, or null.</param>
    /// <param name="Unsubscribe">UNSUBSCRIBE that has not been answered, or null.</param>
    internal sealed record Attach(
        string ClientId,
        ConnectionRef Connection,
        int Attachment,
        int ReceiveMaximum,
        long HighestPosition,
        IReadOnlyList<OutboundReport> Outbound,
        IReadOnlyList<InboundReport> Inbound,
        Subscribe? Subscribe,
        Unsubscribe? Unsubscribe) : ISessionMessage;

    /// <summary>Answers <see cref="ConnectionProtocol.Check"/>: its mark says what was told before.</summary>
    internal sealed record Checked(string ClientId, long ConnectionNumber) : FromConnection(ClientId, ConnectionNumber);

    /// <summary>SUBSCRIBE, filters and limits already checked.</summary>
    internal sealed record Subscribe(string ClientId, long ConnectionNumber, ushort PacketId, IReadOnlyList<RequestedSubscription> Subscriptions)
        : FromConnection(ClientId, ConnectionNumber);

    /// <summary>UNSUBSCRIBE.</summary>
    internal sealed record Unsubscribe(string ClientId, long ConnectionNumber, ushort PacketId, IReadOnlyList<string> Filters)
        : FromConnection(ClientId, ConnectionNumber);

    /// <summary>PUBACK, PUBREC or PUBCOMP, or a delivery that the connection could not make.</summary>
    internal sealed record Acknowledged(string ClientId, long ConnectionNumber, PacketType Type, ushort PacketId, ReasonCode ReasonCode)
        : FromConnection(ClientId, ConnectionNumber);

    /// <summary>
    /// A QoS 2 PUBLISH has arrived: commit its packet id and give the message an identity before it leaves (hard case 4).
    /// Answered by <see cref="ConnectionProtocol.InboundNumbered"/>.
    /// </summary>
    /// <param name="ClientId">Whose.</param>
    /// <param name="ConnectionNumber">Of the connection that it came on.</param>
    /// <param name="PacketId">Of the PUBLISH.</param>
    /// <param name="Picks">The members picked in shared groups, <see cref="Routing.SharedPicks"/>; those of an earlier asking count, where there are any.</param>
    /// <param name="Renews">These take the place of those, because one of them is gone.</param>
    internal sealed record NumberInbound(string ClientId, long ConnectionNumber, ushort PacketId, byte[]? Picks = null, bool Renews = false)
        : FromConnection(ClientId, ConnectionNumber);

    /// <summary>That publish has been taken by everyone it goes to: resent, it need not leave again.</summary>
    internal sealed record InboundRouted(string ClientId, long ConnectionNumber, ushort PacketId) : FromConnection(ClientId, ConnectionNumber);

    /// <summary>PUBREL. Answered by <see cref="ConnectionProtocol.InboundReleased"/>.</summary>
    internal sealed record ReleaseInbound(string ClientId, long ConnectionNumber, ushort PacketId) : FromConnection(ClientId, ConnectionNumber);

    /// <summary>A QoS 2 publish was refused with an error in PUBREC: its packet id is free again. Not answered.</summary>
    internal sealed record ForgetInbound(string ClientId, long ConnectionNumber, ushort PacketId) : FromConnection(ClientId, ConnectionNumber);

    /// <summary>Does the region work? Answered by <see cref="Pong"/> whatever the session's state.</summary>
    internal sealed record Ping(string ClientId, IActorRef ReplyTo) : ISessionMessage;

    /// <summary>It does.</summary>
    internal sealed record Pong : IWireMessage;

    /// <summary>Something of this session, which nobody may hold in memory, is due: its will or its expiry (hard case 8).</summary>
    internal sealed record Wake(string ClientId) : ISessionMessage;

    /// <summary>An operator wants to know how it is. Answered by <see cref="Described"/> whatever the session's state.</summary>
    internal sealed record Describe(string ClientId, IActorRef ReplyTo) : ISessionMessage;

    /// <summary>So it is.</summary>
    /// <param name="Session">Null: there is none.</param>
    internal sealed record Described(SessionDescription? Session) : IWireMessage;

    /// <summary>An operator ends the session.</summary>
    internal sealed record Discard(string ClientId, IActorRef ReplyTo) : ISessionMessage;
}
