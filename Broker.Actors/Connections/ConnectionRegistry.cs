using Akka.Actor;
using Broker.Actors.Sessions;

namespace Broker.Actors.Connections;

/// <summary>The node's address book: brings messages from actors anywhere to connections here.</summary>
internal sealed class ConnectionRegistry : ReceiveActor
{
    private readonly ConnectionDirectory _directory;
    private readonly IActorRef _sessions;

    /// <param name="directory">The node's connections.</param>
    /// <param name="sessions">The shard region of <see cref="SessionActor"/>.</param>
    public ConnectionRegistry(ConnectionDirectory directory, IActorRef sessions)
    {
        _directory = directory;
        _sessions = sessions;
        Receive<ToConnection>(OnToConnection);
    }

    private void OnToConnection(ToConnection message)
    {
        // An entity that passivates can hand on CONNECT behind the end of the same connection: without this the next one would wait for a
        // connection that is no more. A connection tells its entity of its end before it leaves the directory, so this comes second.
        if (!_directory.Post(message.Number, message.Command)
            && message.Command is ConnectionProtocol.SessionBound or ConnectionProtocol.Disconnect)
        {
            _sessions.Tell(new SessionProtocol.ConnectionClosed(message.ClientId, message.Number, DiscardWill: false, SessionExpiry: null));
        }
    }

    /// <summary>One of <see cref="ConnectionProtocol"/> for a connection.</summary>
    internal sealed record ToConnection(string ClientId, long Number, object Command);
}
