namespace Broker.Actors.Inspection;

/// <summary>Picks the rows of a page from a list in no order, of which it holds no more than the page has.</summary>
internal sealed class PageCollector<T>(PageRequest request)
    where T : IInspectionRow
{
    private static readonly IComparer<string> LastFirst = Comparer<string>.Create(static (one, other) => string.CompareOrdinal(other, one));

    // The last of those that are kept is the first to go.
    private readonly PriorityQueue<T, string> _kept = new(LastFirst);
    private long _total;
    private bool _hasMore;

    /// <summary>A row that matches. It need not be made where its place is not on the page.</summary>
    public void Add(string key, Func<T> make)
    {
        _total++;
        if (string.CompareOrdinal(key, request.After) <= 0)
        {
            return;
        }

        if (_kept.Count < request.Limit)
        {
            _kept.Enqueue(make(), key);
            return;
        }

        _hasMore = true;
        if (_kept.TryPeek(out _, out var last) && string.CompareOrdinal(key, last) < 0)
        {
            _kept.DequeueEnqueue(make(), key);
        }
    }

    /// <summary>The page.</summary>
    public PageShare<T> Take()
    {
        var rows = new T[_kept.Count];
        for (var i = rows.Length - 1; i >= 0; i--)
        {
            rows[i] = _kept.Dequeue();
        }

        return new PageShare<T>(rows, _total, _hasMore);
    }
}
