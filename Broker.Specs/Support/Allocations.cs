namespace Broker.Specs.Support;

/// <summary>Measures what a piece of code allocates, to the byte.</summary>
internal static class Allocations
{
    private const int Trials = 10;

    /// <summary>
    /// The least of several measurements. A collection that another thread starts in between ends this thread's allocation buffer, whose unused rest
    /// (up to 8 KiB) then counts as allocated: it only ever adds.
    /// </summary>
    public static long Least(Func<long> measure)
    {
        var least = long.MaxValue;
        for (var trial = 0; trial < Trials; trial++)
        {
            least = Math.Min(least, measure());
        }

        return least;
    }

    /// <summary>Bytes that <paramref name="action"/> allocates in so many runs, after one that does not count.</summary>
    public static long Of(int runs, Action action)
    {
        action();
        return Least(() =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var run = 0; run < runs; run++)
            {
                action();
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        });
    }
}
