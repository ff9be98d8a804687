using Akka.Actor;
using Broker.Actors.Clustering.Wire;
using Broker.Actors.Storage.Encoding;

namespace Broker.Actors.Tracing;

/// <summary>The forms of <see cref="TraceProtocol"/>.</summary>
internal static class TraceWire
{
    public static IReadOnlyList<WireFormat> Formats { get; } =
    [
        new WireFormat<TraceProtocol.Fetch>("tr1", Write, ReadFetch),
        new WireFormat<TraceProtocol.Fetched>("tr2", Write, ReadFetched),
        new WireFormat<TraceProtocol.End>(
            "tr3",
            static (writer, end) => writer.WriteString(end.Id),
            static (ref ByteReader reader, ExtendedActorSystem _) => new TraceProtocol.End(reader.ReadString())),
    ];

    private static void Write(ByteWriter writer, TraceProtocol.Fetch fetch)
    {
        writer.WriteString(fetch.Id);
        WriteText(writer, fetch.Filter.ClientId);
        WriteText(writer, fetch.Filter.Topic);
        WriteText(writer, fetch.Filter.Address);
        writer.WriteNumber(fetch.Rate);
        writer.WriteNumber(fetch.Confirmed);
    }

    private static TraceProtocol.Fetch ReadFetch(ref ByteReader reader, ExtendedActorSystem system)
    {
        var id = reader.ReadString();
        var filter = new TraceFilter(ReadText(ref reader), ReadText(ref reader), ReadText(ref reader));
        var (rate, confirmed) = (reader.ReadInteger(), reader.ReadNumber());
        return rate is >= 1 and <= TraceRequest.HighestRate && filter.Problem is null
            ? new TraceProtocol.Fetch(id, filter, rate, confirmed)
            : throw new FormatException(filter.Problem ?? $"{rate} is no rate of a trace");
    }

    private static void Write(ByteWriter writer, TraceProtocol.Fetched fetched)
    {
        writer.WriteNode(fetched.Node);
        writer.WriteFlag(fetched.IsRefused);
        writer.WriteNumber(fetched.Number);
        writer.WriteNumber(fetched.LeftOut);
        writer.WriteNumber(fetched.Lines.Count);
        foreach (var line in fetched.Lines)
        {
            writer.WriteBytes(line);
        }
    }

    private static TraceProtocol.Fetched ReadFetched(ref ByteReader reader, ExtendedActorSystem system)
    {
        var (node, isRefused, number, leftOut) = (reader.ReadNode(), reader.ReadFlag(), reader.ReadNumber(), reader.ReadNumber());
        var lines = new byte[reader.ReadCount()][];
        for (var i = 0; i < lines.Length; i++)
        {
            lines[i] = reader.ReadBytes().ToArray();
        }

        return new TraceProtocol.Fetched(node, isRefused, number, leftOut, lines);
    }

    private static void WriteText(ByteWriter writer, string? text) => writer.WriteOptional(text, static (writer, text) => writer.WriteString(text));

    private static string? ReadText(ref ByteReader reader) => reader.ReadFlag() ? reader.ReadString() : null;
}
