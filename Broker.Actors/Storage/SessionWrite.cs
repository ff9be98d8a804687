using Broker.Actors.Routing;
using Broker.Protocol.Packets;

namespace Broker.Actors.Storage;

/// <summary>A change to what the store holds of one session.</summary>
internal abstract record SessionWrite(string ClientId)
{
    /// <summary>A message joins the queue.</summary>
    internal sealed record Enqueue(
        string ClientId, long Position, Publication Publication, QualityOfService QoS, bool Retain, uint[]? SubscriptionIdentifiers)
        : SessionWrite(ClientId);

    /// <summary>A queued message was acknowledged, expired or dropped.</summary>
    internal sealed record Remove(string ClientId, long Position) : SessionWrite(ClientId);

    /// <summary>A message was sent under a packet id, or (<paramref name="Received"/>) the client has sent PUBREC for it.</summary>
    internal sealed record Inflight(string ClientId, long Position, ushort PacketId, bool Received) : SessionWrite(ClientId);

    /// <summary>The client's QoS 2 PUBLISH with this packet id is this message (hard case 4).</summary>
    internal sealed record NumberInbound(string ClientId, ushort PacketId, MessageId Id) : SessionWrite(ClientId);

    /// <summary>PUBREL: the packet id is free again.</summary>
    internal sealed record ReleaseInbound(string ClientId, ushort PacketId) : SessionWrite(ClientId);

    /// <summary>The session has ended: nothing of it is kept.</summary>
    internal sealed record Discard(string ClientId) : SessionWrite(ClientId);
}
