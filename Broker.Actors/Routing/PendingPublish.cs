using Broker.Actors.Connections;
using Broker.Actors.Sessions;
using Broker.Actors.Storage;
using Broker.Protocol.Packets;

namespace Broker.Actors.Routing;

/// <summary>
/// A QoS 1 or 2 publish that is not acknowledged yet: counts down the durable sessions and the retained write it waits
/// for, then tells its publisher. Any thread may count down.
/// </summary>
internal sealed class PendingPublish(ClientConnection? publisher, ushort packetId, QualityOfService qos, Action? completed = null)
{
    // One is the router's own, until it has handed the message to everyone.
    private int _outstanding = 1;
    private int _writes;
    private StoreBacklog? _backlog;
    private long _bytes;
    private volatile bool _taken;
    private volatile bool _refused;
    private volatile bool _failed;

    public ushort PacketId { get; } = packetId;

    public QualityOfService QoS { get; } = qos;

    /// <summary>Somebody has it: a live subscriber, a durable session that has committed, or the retained store.</summary>
    public bool WasTaken => _taken;

    public bool IsComplete => Volatile.Read(ref _outstanding) == 0;

    /// <summary>What PUBACK or PUBREC says: 0x97 only where nobody took it, 0x80 where somebody should have it and does not.</summary>
    public ReasonCode ReasonCode =>
        _failed ? ReasonCode.UnspecifiedError : _taken ? ReasonCode.Success : _refused ? ReasonCode.QuotaExceeded : ReasonCode.NoMatchingSubscribers;

    /// <summary>Whether it waits for the database, and not only for what other nodes take. Known once the router has handed it to everyone.</summary>
    public bool NeedsStore => _writes > 0;

    public void Expect() => Interlocked.Increment(ref _outstanding);

    /// <summary>One that commits before it answers.</summary>
    public void ExpectWrite()
    {
        _writes++;
        Expect();
    }

    /// <summary>A live subscriber has it.</summary>
    public void MarkTaken() => _taken = true;

    /// <summary>One of those expected has answered.</summary>
    public void Complete(DeliveryOutcome outcome)
    {
        switch (outcome)
        {
            case DeliveryOutcome.Accepted:
                _taken = true;
                break;
            case DeliveryOutcome.QueueFull:
                _refused = true;
                break;
            case DeliveryOutcome.Failed:
                _failed = true;
                break;
            case DeliveryOutcome.NoSession:
                break;
        }

        if (CountDown())
        {
            publisher?.Loop.Post(publisher, ClientConnection.PublishCompletedCommand);
            completed?.Invoke();
        }
    }

    /// <summary>The router has handed it to everyone. True: nothing is left to wait for, and no command is posted.</summary>
    /// <param name="backlog">Where it counts until it is complete.</param>
    /// <param name="size">Bytes of the message.</param>
    public bool Seal(StoreBacklog? backlog = null, int size = 0)
    {
        if (NeedsStore && backlog is not null)
        {
            _bytes = size + ((long)_writes * StoreBacklog.PerMessage);
            _backlog = backlog;
            backlog.AddRouted(_bytes);
        }

        return CountDown();
    }

    private bool CountDown()
    {
        if (Interlocked.Decrement(ref _outstanding) > 0)
        {
            return false;
        }

        _backlog?.RemoveRouted(_bytes);
        return true;
    }
}
