using Akka.Actor;

namespace Broker.Actors.Connections;

/// <summary>
/// A connection as actors know it, on whichever node it is: the node's <see cref="ConnectionRegistry"/> and the connection's number,
/// which no other connection of any node has.
/// </summary>
internal sealed record ConnectionRef(long Number, IActorRef Registry)
{
    /// <summary>Sends one of <see cref="ConnectionProtocol"/>. Lost where the connection is gone, as its entity is told in other ways.</summary>
    public void Tell(object command) => Registry.Tell(new ConnectionRegistry.ToConnection(Number, command), ActorRefs.NoSender);
}
