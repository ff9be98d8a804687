namespace Broker.Actors.Storage.Sql.Writing;

/// <summary>
/// Rows of one kind that a group writes, by column: one statement whatever their number. Where it deletes, rows equal in all columns but the last and lower
/// in that one go.
/// </summary>
internal sealed class RowSet(RowOperation operation, string table, params RowColumn[] columns)
{
    public RowOperation Operation { get; } = operation;

    public string Table { get; } = table;

    /// <summary>The key first.</summary>
    public RowColumn[] Columns { get; } = columns;

    public int Count => Columns[0].Count;

    public void Clear()
    {
        foreach (var column in Columns)
        {
            column.Clear();
        }
    }
}

/// <summary>What is done with a <see cref="RowSet"/>.</summary>
internal enum RowOperation
{
    /// <summary>They are new.</summary>
    Insert,

    /// <summary>They exist, by their first column.</summary>
    Update,

    /// <summary>Lower ones are removed.</summary>
    DeleteBelow,
}
