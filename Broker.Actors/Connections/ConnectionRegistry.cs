using Akka.Actor;

namespace Broker.Actors.Connections;

/// <summary>The node's address book: brings messages from actors anywhere to connections here.</summary>
internal sealed class ConnectionRegistry : ReceiveActor
{
    public ConnectionRegistry(ConnectionDirectory directory) =>
        Receive<ToConnection>(message => directory.Post(message.Number, message.Command));

    /// <summary>One of <see cref="ConnectionProtocol"/> for a connection.</summary>
    internal sealed record ToConnection(long Number, object Command);
}
