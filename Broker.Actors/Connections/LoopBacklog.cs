namespace Broker.Actors.Connections;

/// <summary>
/// Deliveries that other event loops have handed to this one and that it has not written yet. Publishers read no
/// further while it is too long: that is how a node that is slower than its publishers holds them.
/// </summary>
internal sealed class LoopBacklog(Action drained)
{
    /// <summary>Deliveries above which publishers are held.</summary>
    public const int High = 50_000;

    /// <summary>Deliveries below which they go on.</summary>
    public const int Low = 10_000;

    private int _count;

    /// <summary>Deliveries. Any thread.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Any thread.</summary>
    public bool IsCongested => Count > High;

    public void Add(int deliveries) => Interlocked.Add(ref _count, deliveries);

    public void Remove(int deliveries)
    {
        var left = Interlocked.Add(ref _count, -deliveries);
        if (left < Low && left + deliveries >= Low)
        {
            drained();
        }
    }
}
