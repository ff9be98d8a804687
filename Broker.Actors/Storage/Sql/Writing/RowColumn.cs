namespace Broker.Actors.Storage.Sql.Writing;

/// <summary>A column of a <see cref="RowSet"/>: numbers, numbers or null, or bytes or null.</summary>
internal sealed class RowColumn
{
    private RowColumn(string name) => Name = name;

    public string Name { get; }

    /// <summary>The values, where they are numbers.</summary>
    public List<long>? Numbers { get; private init; }

    /// <summary>The values, where they are numbers or null.</summary>
    public List<long?>? OptionalNumbers { get; private init; }

    /// <summary>The values, where they are bytes or null.</summary>
    public List<byte[]?>? Bytes { get; private init; }

    public int Count => Numbers?.Count ?? OptionalNumbers?.Count ?? Bytes!.Count;

    public static RowColumn OfNumbers(string name) => new(name) { Numbers = [] };

    public static RowColumn OfOptionalNumbers(string name) => new(name) { OptionalNumbers = [] };

    public static RowColumn OfBytes(string name) => new(name) { Bytes = [] };

    public void Add(long value) => Numbers!.Add(value);

    public void Add(long? value) => OptionalNumbers!.Add(value);

    public void Add(byte[]? value) => Bytes!.Add(value);

    public void Clear()
    {
        Numbers?.Clear();
        OptionalNumbers?.Clear();
        Bytes?.Clear();
    }
}
