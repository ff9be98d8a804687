using Akka.Actor;
using Broker.Actors.Clustering.Routes;
using Broker.Actors.Connections;
using Broker.Actors.Hosting;
using Broker.Actors.Routing;
using Broker.Actors.Storage;
using Broker.Protocol.Topics;

namespace Broker.Actors.Sessions;

/// <summary>What a session that outlives its connection consists of (section 4.1), as far as it is in memory.</summary>
/// <param name="session">For writing it to the store.</param>
/// <param name="limits">Bounds.</param>
internal sealed class DurableSessionState(SessionHandle session, CurrentLimits limits)
{
    private long _lastPosition;
    private long _lastNumber;
    private long _committingBytes;

    public SessionHandle Session { get; } = session;

    /// <summary>The event-sourced part; null until a subscription changes.</summary>
    public IActorRef? Journal { get; set; }

    /// <summary>There may be something to erase in the journal, open or not.</summary>
    public bool HasJournal { get; set; }

    /// <summary>False: <see cref="Subscriptions"/> are what the routes say, which may be more than the events do.</summary>
    public bool IsReconciled { get; set; }

    /// <summary>Of the last event in the journal; it orders what is told of the session's routes, from whatever node.</summary>
    public long JournalSequence { get; set; }

    /// <summary>What is told of its routes now.</summary>
    public DurableMark Mark => new(Session.ClientId, Session.Key, JournalSequence);

    /// <summary>By the filter as the client wrote it.</summary>
    public Dictionary<string, HeldSubscription> Subscriptions { get; } = new(StringComparer.Ordinal);

    /// <summary>Behind the one that <see cref="IsChanging"/> is about.</summary>
    public Queue<SubscriptionChange> Changes { get; } = [];

    /// <summary>A subscription is being changed, and not yet answered.</summary>
    public bool IsChanging { get; set; }

    public PagedQueue Queue { get; } = new();

    public InflightWindow<QueuedMessage> Inflight { get; } = new(limits.Now.MaxInflight);

    /// <summary>QoS 2 publishes of the client that it has not released, by packet id.</summary>
    public Dictionary<ushort, NumberedPublish> Inbound { get; } = [];

    public ReceivedMessages Received { get; } = new();

    public LanePlaces Lanes { get; } = new();

    /// <summary>Messages that are being committed, which count towards the queue's limits.</summary>
    public int Committing { get; private set; }

    /// <summary>As the store has it.</summary>
    public void Restore(StoredSession stored)
    {
        HasJournal = true;
        foreach (var route in stored.Routes)
        {
            if (TopicFilter.TryParse(route.Filter, out var filter, out _))
            {
                Subscriptions[route.Filter] = new HeldSubscription(filter!, route.Options);
            }
        }

        _lastPosition = stored.LastPosition;
        _lastNumber = stored.LastNumber;
        Queue.Restore(stored.ReadPosition, stored.LastPosition, stored.QueuedMessages, stored.QueuedBytes);
        foreach (var sent in stored.Inflight)
        {
            // Behind PUBREC the message itself is gone; only its packet id and position matter.
            var message = sent.Message ?? new QueuedMessage(sent.Position, default);
            Inflight.Restore(new InflightMessage<QueuedMessage>(sent.PacketId, message, sent.State));
        }

        foreach (var inbound in stored.Inbound)
        {
            Inbound.Add(inbound.PacketId, new NumberedPublish(new MessageId(Session.Key, inbound.Number), inbound.Picks) { IsRouted = inbound.IsRouted });
        }

        foreach (var id in stored.Received)
        {
            Received.Restore(id);
        }
    }

    /// <summary>Whether the queue's limits leave no room for this message beside what is queued and what is being committed.</summary>
    public bool IsFull(Publication publication) =>
        (limits.Now.MaxQueuedMessages > 0 && Queue.Count + Committing >= limits.Now.MaxQueuedMessages)
        || (limits.Now.MaxQueuedBytes > 0 && Queue.Bytes + _committingBytes + publication.Size > limits.Now.MaxQueuedBytes);

    /// <summary>A message is about to be committed, at the position that this answers.</summary>
    public long BeginEnqueue(Publication publication)
    {
        Committing++;
        _committingBytes += publication.Size;
        return ++_lastPosition;
    }

    /// <summary>It is.</summary>
    /// <param name="message">It follows all others.</param>
    /// <param name="keep">A client is connected.</param>
    public void EndEnqueue(QueuedMessage message, bool keep)
    {
        Committing--;
        _committingBytes -= message.Delivery.Publication.Size;
        Queue.Add(message, keep);
    }

    /// <summary>The message that this packet id stands for: the same as long as the id is not released (hard case 4).</summary>
    public NumberedPublish Number(ushort packetId, out bool isNew)
    {
        isNew = !Inbound.TryGetValue(packetId, out var publish);
        if (publish is null)
        {
            Inbound.Add(packetId, publish = new NumberedPublish(new MessageId(Session.Key, ++_lastNumber)));
        }

        return publish;
    }

    /// <summary>No message of this session with a lower number will be sent again.</summary>
    public long LowestUnreleased()
    {
        var lowest = _lastNumber + 1;
        foreach (var publish in Inbound.Values)
        {
            lowest = Math.Min(lowest, publish.Id.Number);
        }

        return lowest;
    }
}

/// <summary>A QoS 2 publish of the client between PUBLISH and PUBREL.</summary>
internal sealed class NumberedPublish(MessageId id, byte[]? picks = null)
{
    public MessageId Id { get; } = id;

    /// <summary>The members of shared groups that it goes to, <see cref="Routing.SharedPicks"/>; null: no group has matched.</summary>
    public byte[]? Picks { get; private set; } = picks;

    /// <summary>Everyone it goes to has it: sent again, only PUBREC is due.</summary>
    public bool IsRouted { get; set; }

    /// <summary>The first picks count until they are renewed. True: these do from now on, and are to be written.</summary>
    public bool Choose(byte[]? picks, bool renews)
    {
        if (picks is null || IsRouted || (Picks is not null && !renews))
        {
            return false;
        }

        Picks = picks;
        return true;
    }
}
