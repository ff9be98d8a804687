using Broker.Actors.Routing;
using Broker.Actors.Sessions;
using Broker.Protocol.Packets;

namespace Broker.Actors.Storage;

/// <summary>What happens to a session's queue and to its outbound handshakes.</summary>
internal abstract partial class StoreWrite
{
    /// <summary>
    /// A message joins the queue. At QoS 2, where the publication has an id, the id is remembered as received in the same transaction, until a message of the
    /// same origin says that the publisher will not send it again (hard case 4).
    /// </summary>
    /// <param name="session">Whose queue.</param>
    /// <param name="position">Its place: greater than all before it. One that is taken fails the write.</param>
    /// <param name="publication">The message.</param>
    /// <param name="qos">Effective QoS, 1 or 2.</param>
    /// <param name="retain">RETAIN flag as this subscriber gets it.</param>
    /// <param name="subscriptionIdentifiers">Or null.</param>
    /// <param name="shared">Other sessions of this node get the same instance of <paramref name="publication"/>: it is stored once for all.</param>
    internal sealed class Enqueue(
        SessionHandle session,
        long position,
        Publication publication,
        QualityOfService qos,
        bool retain,
        uint[]? subscriptionIdentifiers,
        bool shared) : OfSession(session)
    {
        public long Position { get; } = position;

        public Publication Publication { get; } = publication;

        public QualityOfService QoS { get; } = qos;

        public bool Retain { get; } = retain;

        public uint[]? SubscriptionIdentifiers { get; } = subscriptionIdentifiers;

        public bool Shared { get; } = shared;

        /// <inheritdoc/>
        public override int Size => StoreBacklog.PerMessage + Publication.Size;
    }

    /// <summary>
    /// The message at this position is about to be sent under this packet id, or the queue was read up to here without sending it where
    /// <paramref name="packetId"/> is 0: it has expired, was dropped, or needs no handshake. Positions passed over are removed. At QoS 2 the packet leaves
    /// after the commit, or a crash would number it again.
    /// </summary>
    internal sealed class Read(SessionHandle session, long position, ushort packetId, QualityOfService qos) : HandshakeStep(session)
    {
        internal override void Apply(HandshakeImage image) => image.Read(
            position, packetId, qos == QualityOfService.ExactlyOnce ? InflightState.AwaitingPubRec : InflightState.AwaitingPubAck);
    }

    /// <summary>PUBREC for the message at this position: PUBREL follows the commit, the message itself is removed.</summary>
    internal sealed class PubRec(SessionHandle session, long position) : HandshakeStep(session)
    {
        internal override void Apply(HandshakeImage image) => image.PubRec(position);
    }

    /// <summary>PUBACK, PUBCOMP, or a PUBREC with an error: nothing is left of the message at this position.</summary>
    internal sealed class Acknowledge(SessionHandle session, long position) : HandshakeStep(session)
    {
        internal override void Apply(HandshakeImage image) => image.Acknowledge(position);
    }
}
