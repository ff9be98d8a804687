using Broker.Actors.Hosting;
using Broker.Actors.Routing;
using Broker.Protocol.Packets;
using Broker.Protocol.Topics;

namespace Broker.Actors.Sessions;

/// <summary>What a session that outlives its connection consists of (section 4.1).</summary>
/// <param name="clientId">The client id.</param>
/// <param name="limits">Bounds.</param>
/// <param name="incarnation">Unique to this session: the origin of its messages' ids.</param>
internal sealed class DurableSessionState(string clientId, LimitsOptions limits, long incarnation)
{
    private long _lastPosition;
    private long _lastMessage;

    public string ClientId { get; } = clientId;

    /// <summary>By the filter as the client wrote it.</summary>
    public Dictionary<string, TopicFilter> Subscriptions { get; } = new(StringComparer.Ordinal);

    public OutboundQueue<QueuedMessage> Queue { get; } = new(limits.MaxQueuedMessages, limits.MaxQueuedBytes, limits.QueueFull);

    public InflightWindow<QueuedMessage> Inflight { get; } = new(limits.MaxInflight);

    /// <summary>QoS 2 publishes of the client that it has not released, by packet id.</summary>
    public Dictionary<ushort, NumberedPublish> Inbound { get; } = [];

    public ReceivedMessages Received { get; } = new();

    public LanePlaces Lanes { get; } = new();

    /// <summary>Messages that are being committed, which count towards the queue's limits.</summary>
    public CommittingMessages Committing { get; } = new();

    /// <summary>
    /// Whether a delivery with this payload is refused before it is written (promise 2: what is queued stays). One that would not fit an empty queue is
    /// refused under either policy.
    /// </summary>
    public bool IsFull(Publication publication)
    {
        if (limits.QueueFull == QueueFullPolicy.DropOldest)
        {
            return limits.MaxQueuedBytes > 0 && publication.Size > limits.MaxQueuedBytes;
        }

        return (limits.MaxQueuedMessages > 0 && Queue.Count + Committing.Count >= limits.MaxQueuedMessages)
            || (limits.MaxQueuedBytes > 0 && Queue.Bytes + Committing.Bytes + publication.Size > limits.MaxQueuedBytes);
    }

    public long NextPosition() => ++_lastPosition;

    /// <summary>The message that this packet id stands for: the same as long as the id is not released (hard case 4).</summary>
    public NumberedPublish Number(ushort packetId, out bool isNew)
    {
        isNew = !Inbound.TryGetValue(packetId, out var publish);
        if (publish is null)
        {
            Inbound.Add(packetId, publish = new NumberedPublish(new MessageId(incarnation, ++_lastMessage)));
        }

        return publish;
    }

    /// <summary>No message of this session with a lower number will be sent again.</summary>
    public long LowestUnreleased()
    {
        var lowest = _lastMessage + 1;
        foreach (var publish in Inbound.Values)
        {
            lowest = Math.Min(lowest, publish.Id.Number);
        }

        return lowest;
    }
}

/// <summary>What is on its way into a queue.</summary>
internal sealed class CommittingMessages
{
    public int Count { get; private set; }

    public long Bytes { get; private set; }

    public void Add(Publication publication)
    {
        Count++;
        Bytes += publication.Size;
    }

    public void Remove(Publication publication)
    {
        Count--;
        Bytes -= publication.Size;
    }
}

/// <summary>A QoS 2 publish of the client between PUBLISH and PUBREL.</summary>
internal sealed class NumberedPublish(MessageId id)
{
    public MessageId Id { get; } = id;

    /// <summary>Everyone it goes to has it: sent again, only PUBREC is due.</summary>
    public bool IsRouted { get; set; }
}
