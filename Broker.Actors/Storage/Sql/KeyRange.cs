namespace Broker.Actors.Storage.Sql;

/// <summary>
/// Numbers for sessions and stored messages that no other node gives out: the upper half is the node's term, the lower one counts. Any thread.
/// </summary>
internal sealed class KeyRange(long term)
{
    private const int CounterBits = 40;

    private long _last = term << CounterBits;

    /// <summary>The next key; 2^40 of them outlast any process.</summary>
    public long Next() => Interlocked.Increment(ref _last);

    /// <summary>The key given out last.</summary>
    public long Last => Volatile.Read(ref _last);

    /// <summary>The lowest key of a term.</summary>
    public static long First(long term) => term << CounterBits;
}
