using System.Collections.Concurrent;

namespace Broker.Actors.Sessions;

/// <summary>The entities that are in memory on this node, for who counts what they hold. Any thread.</summary>
internal sealed class SessionEntities
{
    private readonly ConcurrentDictionary<SessionActor, byte> _all = new();

    /// <summary>One has started.</summary>
    public void Enter(SessionActor entity) => _all[entity] = 0;

    /// <summary>It has stopped.</summary>
    public void Leave(SessionActor entity) => _all.TryRemove(entity, out _);

    /// <summary>The sum over all of them; each is read while it may be changing.</summary>
    public QueueDepth Depth()
    {
        var sum = default(QueueDepth);
        foreach (var (entity, _) in _all)
        {
            sum += entity.Depth;
        }

        return sum;
    }
}

/// <summary>What durable sessions hold for their clients.</summary>
/// <param name="Messages">Queued, in memory or in the store alone.</param>
/// <param name="Bytes">Of their payloads and topics.</param>
/// <param name="Inflight">Sent and not acknowledged.</param>
internal readonly record struct QueueDepth(long Messages, long Bytes, long Inflight)
{
    public static QueueDepth operator +(QueueDepth one, QueueDepth other) =>
        new(one.Messages + other.Messages, one.Bytes + other.Bytes, one.Inflight + other.Inflight);
}
