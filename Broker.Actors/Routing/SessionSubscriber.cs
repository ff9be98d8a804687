using Broker.Actors.Clustering.Links;
using Broker.Actors.Connections;

namespace Broker.Actors.Routing;

/// <summary>A session as the subscription tree of this node sees it.</summary>
internal sealed class SessionSubscriber(string clientId, bool isDurable) : Subscriber
{
    private volatile ClientConnection? _connection;
    private volatile RemoteHome[] _homes = [];

    public string ClientId { get; } = clientId;

    /// <summary>QoS 1 and 2 go through the session's entity, not straight to the connection.</summary>
    public bool IsDurable { get; } = isDurable;

    /// <summary>The client's connection, where it is on this node.</summary>
    public ClientConnection? Connection => _connection;

    /// <summary>Of the connection that is, or was last, attached; 0: none ever.</summary>
    public long Number { get; private set; }

    /// <summary>Where the client is connected, of the nodes that are not this one; null: nowhere. The newest connection, while an older one goes.</summary>
    public RemoteHome? Home
    {
        get
        {
            RemoteHome? newest = null;
            foreach (var home in _homes)
            {
                newest = !home.Node.IsGone && (newest is null || home.Number > newest.Number) ? home : newest;
            }

            return newest;
        }
    }

    /// <inheritdoc/>
    public override bool IsOnline => _connection is not null || Home is not null;

    /// <inheritdoc/>
    internal override bool IsLive => !IsDurable;

    public void Attach(ClientConnection connection)
    {
        Number = connection.Number;
        _connection = connection;
    }

    /// <summary>Leaves a newer connection in place.</summary>
    public void Detach(ClientConnection connection)
    {
#pragma warning disable CS0420 // Interlocked has the fence that volatile would add
        Interlocked.CompareExchange(ref _connection, null, connection);
#pragma warning restore CS0420
    }

    /// <summary>Another node has the client's connection. One writer at a time.</summary>
    public void Attach(RemoteHome home)
    {
        if (!_homes.Contains(home))
        {
            _homes = [.. _homes, home];
        }
    }

    /// <summary>It has it no more.</summary>
    public void Detach(RemoteHome home) => _homes = [.. _homes.Where(one => one != home)];
}
