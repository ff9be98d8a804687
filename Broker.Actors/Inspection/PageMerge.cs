namespace Broker.Actors.Inspection;

/// <summary>Makes one page of what several nodes have for it.</summary>
internal static class PageMerge
{
    /// <summary>
    /// Behind the last row of a node that has more, nobody knows what follows: the page ends there at the latest, so that paging on misses nothing.
    /// </summary>
    public static Page<T> Merge<T>(IReadOnlyCollection<PageShare<T>> shares, int limit, IReadOnlyList<string> missing)
        where T : IInspectionRow
    {
        string? horizon = null;
        foreach (var share in shares.Where(static share => share.HasMore && share.Rows.Count > 0))
        {
            var last = share.Rows[^1].Key;
            horizon = horizon is null || string.CompareOrdinal(last, horizon) < 0 ? last : horizon;
        }

        var sure = shares.SelectMany(static share => share.Rows)
            .Where(row => horizon is null || string.CompareOrdinal(row.Key, horizon) <= 0)
            .OrderBy(static row => row.Key, StringComparer.Ordinal)
            .ToList();
        var items = Cut(sure, limit);
        var hasMore = horizon is not null || items.Count < sure.Count;
        return new Page<T>(items, hasMore && items.Count > 0 ? items[^1].Key : null, shares.Sum(static share => share.Total), missing);
    }

    /// <summary>Rows with one key stay together: the next page begins behind it.</summary>
    private static List<T> Cut<T>(List<T> rows, int limit)
        where T : IInspectionRow
    {
        if (rows.Count <= limit)
        {
            return rows;
        }

        var end = limit;
        while (end < rows.Count && rows[end].Key == rows[limit - 1].Key)
        {
            end++;
        }

        return rows[..end];
    }
}
