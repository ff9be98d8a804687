using System.Collections.Concurrent;

namespace Broker.Actors.Routing;

/// <summary>The durable sessions that this node routes to, by client id. Any thread.</summary>
internal sealed class DurableSubscribers
{
    private readonly ConcurrentDictionary<string, SessionSubscriber> _byClientId = new(StringComparer.Ordinal);

    public int Count => _byClientId.Count;

    public SessionSubscriber GetOrAdd(string clientId) =>
        _byClientId.GetOrAdd(clientId, static id => new SessionSubscriber(id, isDurable: true));

    /// <summary>Those that this node has met; connected or not.</summary>
    public IEnumerable<SessionSubscriber> All => _byClientId.Values;

    /// <summary>Forgets a session that has no routes, unless its client is connected somewhere.</summary>
    public void RemoveIfAway(string clientId)
    {
        if (_byClientId.TryGetValue(clientId, out var subscriber) && !subscriber.IsOnline)
        {
            _byClientId.TryRemove(clientId, out _);
        }
    }

    public void Remove(string clientId) => _byClientId.TryRemove(clientId, out _);
}
