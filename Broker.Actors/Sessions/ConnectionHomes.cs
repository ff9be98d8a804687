using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Cluster;

namespace Broker.Actors.Sessions;

/// <summary>The entities of this node whose connection is on another, by that node: they hear of its end without watching it each for itself. Any thread.</summary>
internal sealed class ConnectionHomes
{
    private readonly ConcurrentDictionary<UniqueAddress, ConcurrentDictionary<IActorRef, bool>> _byNode = new();

    public void Enter(UniqueAddress node, IActorRef entity) => _byNode.GetOrAdd(node, static _ => new())[entity] = true;

    public void Leave(UniqueAddress node, IActorRef entity)
    {
        if (_byNode.TryGetValue(node, out var entities))
        {
            entities.TryRemove(entity, out _);
        }
    }

    /// <summary>The node is removed, and serves nobody any more.</summary>
    public void Close(UniqueAddress node)
    {
        if (_byNode.TryRemove(node, out var entities))
        {
            foreach (var entity in entities.Keys)
            {
                entity.Tell(new NodeGone(node), ActorRefs.NoSender);
            }
        }
    }

    /// <summary>Its connection there is closed.</summary>
    internal sealed record NodeGone(UniqueAddress Node);
}
