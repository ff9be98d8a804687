using Akka.Actor;
using Broker.Actors.Connections;
using Broker.Protocol.Packets;

namespace Broker.Actors.Sessions;

/// <summary>A message that the shard region brings to the one <see cref="SessionActor"/> of a client id.</summary>
internal interface ISessionMessage
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
    internal sealed record Connect(
        string ClientId,
        ConnectionRef Connection,
        bool CleanStart,
        TimeSpan SessionExpiry,
        int ReceiveMaximum,
        WillMessage? Will) : ISessionMessage;

    /// <summary>The connection is gone, or gave up waiting.</summary>
    /// <param name="ClientId">The client id.</param>
    /// <param name="ConnectionNumber">Which one.</param>
    /// <param name="DiscardWill">The client said good-bye with DISCONNECT 0x00 [MQTT-3.14.4-3].</param>
    /// <param name="SessionExpiry">As changed by DISCONNECT, or null.</param>
    internal sealed record ConnectionClosed(string ClientId, long ConnectionNumber, bool DiscardWill, TimeSpan? SessionExpiry) : ISessionMessage;

    /// <summary>A packet of a durable session's client. That of an older connection is ignored (hard case 9).</summary>
    internal abstract record FromConnection(string ClientId, long ConnectionNumber) : ISessionMessage;

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
    internal sealed record NumberInbound(string ClientId, long ConnectionNumber, ushort PacketId) : FromConnection(ClientId, ConnectionNumber);

    /// <summary>That publish has been taken by everyone it goes to: resent, it need not leave again.</summary>
    internal sealed record InboundRouted(string ClientId, long ConnectionNumber, ushort PacketId) : FromConnection(ClientId, ConnectionNumber);

    /// <summary>PUBREL. Answered by <see cref="ConnectionProtocol.InboundReleased"/>.</summary>
    internal sealed record ReleaseInbound(string ClientId, long ConnectionNumber, ushort PacketId) : FromConnection(ClientId, ConnectionNumber);

    /// <summary>A QoS 2 publish was refused with an error in PUBREC: its packet id is free again. Not answered.</summary>
    internal sealed record ForgetInbound(string ClientId, long ConnectionNumber, ushort PacketId) : FromConnection(ClientId, ConnectionNumber);

    /// <summary>Does the region work? Answered by <see cref="Pong"/> whatever the session's state.</summary>
    internal sealed record Ping(string ClientId, IActorRef ReplyTo) : ISessionMessage;

    /// <summary>It does.</summary>
    internal sealed record Pong;

    /// <summary>Something of this session, which nobody may hold in memory, is due: its will or its expiry (hard case 8).</summary>
    internal sealed record Wake(string ClientId) : ISessionMessage;

    /// <summary>An operator ends the session.</summary>
    internal sealed record Discard(string ClientId, IActorRef ReplyTo) : ISessionMessage;
}
