using DotNetty.Common.Concurrency;

namespace Broker.Actors.Connections;

/// <summary>
/// Everything one event loop has for the connections of another, gathered during a round of reads and handed over as one task.
/// </summary>
internal sealed class DeliveryBatch(EventLoopContext source, EventLoopContext target) : IRunnable
{
    private const int LargestKept = 4096;

    private (ClientConnection Connection, Delivery Delivery)[] _items = new (ClientConnection, Delivery)[64];
    private int _count;

    public void Add(ClientConnection connection, in Delivery delivery)
    {
        if (_count == _items.Length)
        {
            Array.Resize(ref _items, _count * 2);
        }

        delivery.Publication.Keep();
        _items[_count++] = (connection, delivery);
    }

    /// <summary>On the source loop: hands the batch over; it is not touched there again before it comes back.</summary>
    public void Send()
    {
        target.Backlog.Add(_count);
        target.Executor.Execute(this);
    }

    /// <summary>On the target loop.</summary>
    public void Run()
    {
        var items = _items.AsSpan(0, _count);
        foreach (ref var item in items)
        {
            item.Connection.Deliver(item.Delivery);
        }

        target.Backlog.Remove(_count);
        items.Clear();
        _count = 0;
        if (_items.Length <= LargestKept)
        {
            source.Recycle(this, target);
        }
    }
}
