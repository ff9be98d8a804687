using Broker.Actors.Connections;

namespace Broker.Actors.Routing;

/// <summary>A session as the subscription tree of this node sees it.</summary>
internal sealed class SessionSubscriber(string clientId, bool isDurable) : Subscriber
{
    private volatile ClientConnection? _connection;

    public string ClientId { get; } = clientId;

    /// <summary>QoS 1 and 2 go through the session's entity, not straight to the connection.</summary>
    public bool IsDurable { get; } = isDurable;

    /// <summary>The client's connection, where it is on this node.</summary>
    public ClientConnection? Connection => _connection;

    /// <inheritdoc/>
    public override bool IsOnline => _connection is not null;

    public void Attach(ClientConnection connection) => _connection = connection;

    /// <summary>Leaves a newer connection in place.</summary>
    public void Detach(ClientConnection connection)
    {
#pragma warning disable CS0420 // Interlocked has the fence that volatile would add
        Interlocked.CompareExchange(ref _connection, null, connection);
#pragma warning restore CS0420
    }
}
