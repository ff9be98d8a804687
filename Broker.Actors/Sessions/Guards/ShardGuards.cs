using System.Collections.Concurrent;
using Akka.Actor;
using Broker.Actors.Connections;

namespace Broker.Actors.Sessions.Guards;

/// <summary>
/// Who is connected under the client ids of the shards that live here, where that was so before the shard started here (hard case 2). Any thread.
/// </summary>
internal sealed class ShardGuards
{
    private readonly ConcurrentDictionary<IActorRef, ConcurrentDictionary<string, (ConnectionRef Connection, bool IsDurable)[]>> _known = new();

    /// <summary><see cref="ShardGuardsActor"/>; set once, before the first session.</summary>
    public IActorRef Asker { get; set; } = ActorRefs.Nobody;

    /// <summary>True: it is known who serves the client id. Each connection is answered once: from then on the entity owns it.</summary>
    public bool TryTake(IActorRef shard, string clientId, out (ConnectionRef Connection, bool IsDurable)[] served)
    {
        if (!_known.TryGetValue(shard, out var known))
        {
            served = [];
            return false;
        }

        if (known.IsEmpty || !known.TryRemove(clientId, out served!))
        {
            served = [];
        }

        return true;
    }

    /// <summary>The entity is told <see cref="Known"/> when <see cref="TryTake"/> answers.</summary>
    public void Ask(IActorRef shard, IActorRef entity) => Asker.Tell(new ShardGuardsActor.Need(shard, entity), ActorRefs.NoSender);

    /// <summary>Everyone has answered.</summary>
    public void Add(IActorRef shard, IEnumerable<(ConnectionRef Connection, bool IsDurable)> served) =>
        _known[shard] = new(served.GroupBy(static one => one.Connection.ClientId, StringComparer.Ordinal)
            .Select(static group => KeyValuePair.Create(group.Key, group.ToArray())), StringComparer.Ordinal);

    /// <summary>The entity that took it could not load its session: the next one owns the connection.</summary>
    public void PutBack(IActorRef shard, ConnectionRef connection, bool isDurable)
    {
        if (_known.TryGetValue(shard, out var known))
        {
            known[connection.ClientId] = [(connection, isDurable)];
        }
    }

    /// <summary>The shard is no more.</summary>
    public void Remove(IActorRef shard) => _known.TryRemove(shard, out _);

    /// <summary>Ask again.</summary>
    internal sealed class Known
    {
        public static Known Instance { get; } = new();
    }
}
