using Akka.Actor;
using Akka.Cluster;

namespace Broker.Actors.Connections;

/// <summary>
/// A connection as actors know it, on whichever node it is: the node's <see cref="ConnectionRegistry"/> and the connection's number,
/// which no other connection of any node has.
/// </summary>
/// <param name="ClientId">The client id.</param>
/// <param name="Number">The connection's number.</param>
/// <param name="Registry">Of its node.</param>
/// <param name="Node">Its node; null: of this process.</param>
internal sealed record ConnectionRef(string ClientId, long Number, IActorRef Registry, UniqueAddress? Node = null)
{
    /// <summary>Sends one of <see cref="ConnectionProtocol"/>. Where the connection is gone it is lost, and its entity told so.</summary>
    /// <param name="command">The command.</param>
    /// <param name="mark">Its place among the session's; default for what has none.</param>
    public void Tell(object command, LaneMark mark = default) => Registry.Tell(new ConnectionRegistry.ToConnection(ClientId, Number, command) { Mark = mark }, ActorRefs.NoSender);
}
