using System.Collections.Concurrent;

namespace Broker.Actors.Routing;

/// <summary>The durable sessions that this node routes to, by client id. Any thread.</summary>
internal sealed class DurableSubscribers
{
    private readonly ConcurrentDictionary<string, SessionSubscriber> _byClientId = new(StringComparer.Ordinal);

    public int Count => _byClientId.Count;

    public SessionSubscriber GetOrAdd(string clientId) =>
        _byClientId.GetOrAdd(clientId, static id => new SessionSubscriber(id, isDurable: true));

    public void Remove(string clientId) => _byClientId.TryRemove(clientId, out _);
}
