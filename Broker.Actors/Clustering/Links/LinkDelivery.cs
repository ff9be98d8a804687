using Broker.Actors.Connections;
using Broker.Protocol.Packets;
using DotNetty.Common.Concurrency;

namespace Broker.Actors.Clustering.Links;

/// <summary>What an envelope has for the connections of one event loop: handed over as one task.</summary>
internal sealed class LinkDelivery(EventLoopContext loop, Action<LinkDelivery> recycle) : IRunnable
{
    private const int LargestKept = 4096;

    private readonly List<(ClientConnection Connection, Delivery Delivery, int Pick)> _items = [];
    private LinkTaking? _taking;

    public EventLoopContext Loop => loop;

    /// <summary>For this envelope.</summary>
    public LinkDelivery Begin(LinkTaking taking)
    {
        taking.Expect();
        _taking = taking;
        return this;
    }

    /// <param name="connection">Of this loop.</param>
    /// <param name="delivery">The message.</param>
    /// <param name="pick">Its place among the envelope's picks; -1: it is none.</param>
    public void Add(ClientConnection connection, in Delivery delivery, int pick) => _items.Add((connection, delivery, pick));

    public void Send()
    {
        loop.Backlog.Add(_items.Count);
        loop.Executor.Execute(this);
    }

    /// <summary>On the loop.</summary>
    public void Run()
    {
        var taking = _taking!;
        foreach (var (connection, delivery, pick) in _items)
        {
            if (pick >= 0 && !CanTake(connection, delivery.QoS))
            {
                taking.Refuse(pick);
            }
            else
            {
                connection.Deliver(delivery);
            }
        }

        loop.Backlog.Remove(_items.Count);
        _items.Clear();
        _taking = null;
        if (_items.Capacity <= LargestKept)
        {
            recycle(this);
        }

        taking.Complete();
    }

    /// <summary>A pick is of a live session above QoS 0: a durable one's goes to its entity.</summary>
    private static bool CanTake(ClientConnection connection, QualityOfService qos) =>
        connection.IsConnected && (qos == QualityOfService.AtMostOnce || !connection.IsDurable);
}

/// <summary>Counts down the event loops that an envelope was handed to. Any thread.</summary>
internal sealed class LinkTaking(Action<LinkTaking> taken, LinkInbox inbox, long sequence)
{
    private readonly Lock _gate = new();
    private readonly List<int> _refused = [];

    // One is the dispatcher's own, until it has handed over everything.
    private int _outstanding = 1;

    public LinkInbox Inbox { get; } = inbox;

    public long Sequence { get; } = sequence;

    /// <summary>Once taken: the picks whose connection is gone.</summary>
    public IReadOnlyList<int> Refused => _refused;

    public void Expect() => Interlocked.Increment(ref _outstanding);

    public void Refuse(int pick)
    {
        lock (_gate)
        {
            _refused.Add(pick);
        }
    }

    public void Complete()
    {
        if (Interlocked.Decrement(ref _outstanding) == 0)
        {
            taken(this);
        }
    }
}
