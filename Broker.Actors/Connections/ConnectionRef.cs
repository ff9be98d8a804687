using Akka.Actor;

namespace Broker.Actors.Connections;

/// <summary>
/// A connection as actors know it, on whichever node it is: the node's <see cref="ConnectionRegistry"/> and the connection's number,
/// which no other connection of any node has.
/// </summary>
internal sealed record ConnectionRef(string ClientId, long Number, IActorRef Registry)
{
    /// <summary>Sends one of <see cref="ConnectionProtocol"/>. Where the connection is gone it is lost, and its entity told so.</summary>
    public void Tell(object command) => Registry.Tell(new ConnectionRegistry.ToConnection(ClientId, Number, command), ActorRefs.NoSender);
}
