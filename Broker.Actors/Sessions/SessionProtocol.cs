using Akka.Actor;
using Broker.Actors.Connections;
using Broker.Protocol.Packets;

namespace Broker.Actors.Sessions;

/// <summary>A message that the shard region brings to the one <see cref="SessionActor"/> of a client id.</summary>
internal interface ISessionMessage
{
    string ClientId { get; }
}

/// <summary>What connections tell the entity of their client id.</summary>
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

    /// <summary>SUBSCRIBE of a durable session, filters and limits already checked.</summary>
    internal sealed record Subscribe(string ClientId, long ConnectionNumber, ushort PacketId, IReadOnlyList<RequestedSubscription> Subscriptions)
        : ISessionMessage;

    /// <summary>UNSUBSCRIBE of a durable session.</summary>
    internal sealed record Unsubscribe(string ClientId, long ConnectionNumber, ushort PacketId, IReadOnlyList<string> Filters) : ISessionMessage;

    /// <summary>PUBACK, PUBREC or PUBCOMP of a durable session's client, or a delivery that the connection could not make.</summary>
    internal sealed record Acknowledged(string ClientId, long ConnectionNumber, PacketType Type, ushort PacketId, ReasonCode ReasonCode)
        : ISessionMessage;

    /// <summary>
    /// A QoS 2 PUBLISH of a durable session's client has arrived: commit its packet id and give the message an identity before it leaves (hard case 4).
    /// Answered by <see cref="ConnectionProtocol.InboundNumbered"/>.
    /// </summary>
    internal sealed record NumberInbound(string ClientId, long ConnectionNumber, ushort PacketId) : ISessionMessage;

    /// <summary>That publish has been taken by everyone it goes to: resent, it need not leave again.</summary>
    internal sealed record InboundRouted(string ClientId, long ConnectionNumber, ushort PacketId) : ISessionMessage;

    /// <summary>PUBREL of a durable session's client. Answered by <see cref="ConnectionProtocol.InboundReleased"/>.</summary>
    internal sealed record ReleaseInbound(string ClientId, long ConnectionNumber, ushort PacketId) : ISessionMessage;

    /// <summary>A QoS 2 publish was refused with an error in PUBREC: its packet id is free again. Not answered.</summary>
    internal sealed record ForgetInbound(string ClientId, long ConnectionNumber, ushort PacketId) : ISessionMessage;

    /// <summary>Is there an entity for this client id? Answered by <see cref="Pong"/> whatever its state.</summary>
    internal sealed record Ping(string ClientId) : ISessionMessage;

    /// <summary>The shard region works.</summary>
    internal sealed record Pong;

    /// <summary>An operator ends the session.</summary>
    internal sealed record Discard(string ClientId, IActorRef ReplyTo) : ISessionMessage;
}
