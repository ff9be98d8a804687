using Broker.Actors.Routing;

namespace Broker.Actors.Storage;

/// <summary>What happens to a session as a whole, to its routes, and to what its client publishes.</summary>
internal abstract partial class StoreWrite
{
    /// <summary>A change to one session.</summary>
    internal abstract class OfSession : StoreWrite
    {
        protected OfSession(SessionHandle session) => Session = session;

        /// <summary>Which.</summary>
        public new SessionHandle Session
        {
            get => base.Session!;
            private init => base.Session = value;
        }
    }

    /// <summary>A step of a handshake: many of them make one change of a row.</summary>
    internal abstract class HandshakeStep(SessionHandle session) : OfSession(session)
    {
        /// <summary>It is in the session's image; the writer's thread only.</summary>
        internal bool IsApplied { get; set; }

        /// <summary>Makes the step in the image; the writer's thread only.</summary>
        internal abstract void Apply(HandshakeImage image);
    }

    /// <summary>A session begins: the first write of a handle from <see cref="IStoreReader.NewSession"/>. Fails where the client id has a session.</summary>
    internal sealed class Create(SessionHandle session) : OfSession(session);

    /// <summary>
    /// The session has ended. It, its routes and its handshakes are gone with the commit, its queue is removed piece by piece afterwards; a new session of the
    /// client id may be created at once.
    /// </summary>
    internal sealed class Discard(SessionHandle session) : OfSession(session);

    /// <summary>
    /// A subscription, new or changed. Committed before the session's event, and <see cref="RemoveRoute"/> after it, so that the routes are always a superset.
    /// </summary>
    internal sealed class AddRoute(SessionHandle session, string filter, SubscriptionOptions options) : OfSession(session)
    {
        public string Filter { get; } = filter;

        public SubscriptionOptions Options { get; } = options;

        /// <inheritdoc/>
        public override int Size => SmallestSize + (2 * Filter.Length);
    }

    /// <summary>A subscription has ended; none with this filter is no error.</summary>
    internal sealed class RemoveRoute(SessionHandle session, string filter) : OfSession(session)
    {
        public string Filter { get; } = filter;
    }

    /// <summary>
    /// The client's QoS 2 PUBLISH with this packet id is the message with this number, whose origin is <see cref="SessionHandle.Key"/> (hard case 4). Numbers
    /// only grow.
    /// </summary>
    /// <param name="session">The publisher.</param>
    /// <param name="packetId">1 to 65,535, not in use.</param>
    /// <param name="number">Greater than all before it.</param>
    /// <param name="picks">The members picked in shared groups, in the caller's own form, or null.</param>
    internal sealed class NumberInbound(SessionHandle session, ushort packetId, long number, byte[]? picks) : HandshakeStep(session)
    {
        internal override void Apply(HandshakeImage image)
        {
            image.LastNumber = Math.Max(image.LastNumber, number);
            image.Inbound[packetId] = new InboundStep(number, IsRouted: false, picks);
        }
    }

    /// <summary>Everyone that PUBLISH goes to has it: resent, it need not leave again.</summary>
    internal sealed class RouteInbound(SessionHandle session, ushort packetId) : HandshakeStep(session)
    {
        internal override void Apply(HandshakeImage image)
        {
            if (image.Inbound.TryGetValue(packetId, out var step))
            {
                image.Inbound[packetId] = step with { IsRouted = true };
            }
        }
    }

    /// <summary>PUBREL, or a PUBREC with an error: the packet id is forgotten. PUBCOMP follows the commit.</summary>
    internal sealed class ReleaseInbound(SessionHandle session, ushort packetId) : HandshakeStep(session)
    {
        internal override void Apply(HandshakeImage image) => image.Inbound.Remove(packetId);
    }
}
