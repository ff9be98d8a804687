namespace Broker.Actors.Security.Databases;

/// <summary>The answer to a query, all of it as text.</summary>
/// <param name="Columns">Their names.</param>
/// <param name="Rows">In their order.</param>
internal sealed record SecurityRows(IReadOnlyList<string> Columns, IReadOnlyList<string?[]> Rows)
{
    /// <summary>The place of a column, whatever the case of its name; -1: there is none.</summary>
    public int Find(string column)
    {
        for (var i = 0; i < Columns.Count; i++)
        {
            if (string.Equals(Columns[i], column, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        return -1;
    }
}
