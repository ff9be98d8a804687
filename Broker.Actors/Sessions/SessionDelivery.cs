using Akka.Actor;
using Broker.Actors.Clustering.Wire;
using Broker.Actors.Routing;
using Broker.Protocol.Packets;

namespace Broker.Actors.Sessions;

/// <summary>
/// A QoS 1 or 2 message on its way to a durable session. The event loop makes it, the node's <see cref="SessionOutbox"/>
/// numbers it within the lane from this node to that session, and repeats it until <see cref="Taken"/> or refused.
/// </summary>
internal sealed class SessionDelivery(
    string clientId,
    Publication publication,
    QualityOfService qos,
    bool retain,
    uint[]? subscriptionIdentifiers,
    bool isShared,
    PendingPublish? pending) : ISessionMessage
{
    public string ClientId { get; } = clientId;

    public Publication Publication { get; } = publication;

    public QualityOfService QoS { get; } = qos;

    public bool Retain { get; } = retain;

    public uint[]? SubscriptionIdentifiers { get; } = subscriptionIdentifiers;

    /// <summary>Other sessions get the same message: it is stored once.</summary>
    public bool IsShared { get; } = isShared;

    /// <summary>Who waits for it on the sending node.</summary>
    public PendingPublish? Pending { get; } = pending;

    /// <summary>Grows within a lane.</summary>
    public long Sequence { get; set; }

    /// <summary>
    /// The sequence before this one in its lane; 0 where nothing before it is unacknowledged, so that an entity that knows
    /// nothing of the lane may start here.
    /// </summary>
    public long Previous { get; set; }

    /// <summary>The outbox that waits for the answer.</summary>
    public IActorRef Outbox { get; set; } = ActorRefs.Nobody;

    /// <summary>The same delivery behind another; the one already sent may still be read.</summary>
    public SessionDelivery After(long previous) =>
        new(ClientId, Publication, QoS, Retain, SubscriptionIdentifiers, IsShared, Pending) { Sequence = Sequence, Previous = previous, Outbox = Outbox };

    /// <summary>The entity has committed it, or refuses it for good because its queue is full or the session has ended.</summary>
    internal sealed record Taken(string ClientId, long Sequence, DeliveryOutcome Outcome) : IWireMessage;

    /// <summary>The entity lacks what came before in the lane (hard case 5): start again at the first unacknowledged.</summary>
    internal sealed record OutOfSequence(string ClientId, long Sequence) : IWireMessage;
}

/// <summary>What became of a delivery to a durable session.</summary>
internal enum DeliveryOutcome
{
    /// <summary>Committed, or there already.</summary>
    Accepted,

    /// <summary>Refused by the queue's limits.</summary>
    QueueFull,

    /// <summary>There is no such session any more.</summary>
    NoSession,

    /// <summary>The store could not keep it: the publisher must not take it for accepted.</summary>
    Failed,
}
