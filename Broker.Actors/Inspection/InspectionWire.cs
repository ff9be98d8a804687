using Akka.Actor;
using Broker.Actors.Clustering.Wire;
using Broker.Actors.Storage.Encoding;

namespace Broker.Actors.Inspection;

/// <summary>The forms of what nodes ask each other for operators.</summary>
internal static class InspectionWire
{
    public static IReadOnlyList<WireFormat> Formats { get; } =
    [
        new WireFormat<InspectionProtocol.Query>("in1", Write, ReadQuery),
        new WireFormat<InspectionProtocol.Answer>("in2", Write, ReadAnswer),
        new WireFormat<InspectionProtocol.Kick>(
            "in3",
            static (writer, kick) => writer.WriteString(kick.ClientId),
            static (ref ByteReader reader, ExtendedActorSystem _) => new InspectionProtocol.Kick(reader.ReadString())),
        new WireFormat<InspectionProtocol.Kicked>(
            "in4",
            static (writer, kicked) =>
            {
                writer.WriteNode(kicked.Node);
                writer.WriteNumber(kicked.Count);
            },
            static (ref ByteReader reader, ExtendedActorSystem _) => new InspectionProtocol.Kicked(reader.ReadNode(), reader.ReadInteger())),
        new WireFormat<InspectionProtocol.SetLimit>(
            "in5",
            static (writer, limit) =>
            {
                writer.WriteString(limit.Name);
                writer.WriteString(limit.Value);
            },
            static (ref ByteReader reader, ExtendedActorSystem _) => new InspectionProtocol.SetLimit(reader.ReadString(), reader.ReadString())),
        new WireFormat<InspectionProtocol.LimitSet>(
            "in6",
            static (writer, set) =>
            {
                writer.WriteNode(set.Node);
                writer.WriteOptional(set.Problem, static (writer, problem) => writer.WriteString(problem));
            },
            static (ref ByteReader reader, ExtendedActorSystem _) => new InspectionProtocol.LimitSet(reader.ReadNode(), reader.ReadFlag() ? reader.ReadString() : null)),
    ];

    private static void Write(ByteWriter writer, InspectionProtocol.Query query)
    {
        writer.WriteByte((byte)query.List);
        writer.WriteString(query.Page.After);
        writer.WriteNumber(query.Page.Limit);
        writer.WriteString(query.Page.Contains);
        writer.WriteOptional(query.Page.ClientId, static (writer, clientId) => writer.WriteString(clientId));
    }

    private static InspectionProtocol.Query ReadQuery(ref ByteReader reader, ExtendedActorSystem system)
    {
        var list = reader.ReadByte() is var value && Enum.IsDefined((InspectionList)value) ? (InspectionList)value : throw new FormatException($"{value} is no list");
        var (after, limit, contains) = (reader.ReadString(), reader.ReadInteger(), reader.ReadString());
        if (limit is < 1 or > PageRequest.MaxLimit)
        {
            throw new FormatException($"{limit} is no length of a page");
        }

        return new InspectionProtocol.Query(list, new PageRequest(after, limit, contains, reader.ReadFlag() ? reader.ReadString() : null));
    }

    private static void Write(ByteWriter writer, InspectionProtocol.Answer answer)
    {
        writer.WriteNode(answer.Node);
        writer.WriteNumber(answer.Total);
        writer.WriteFlag(answer.HasMore);
        writer.WriteNumber(answer.Rows.Count);
        foreach (var row in answer.Rows)
        {
            writer.WriteBytes(row);
        }
    }

    private static InspectionProtocol.Answer ReadAnswer(ref ByteReader reader, ExtendedActorSystem system)
    {
        var (node, total, hasMore) = (reader.ReadNode(), reader.ReadNumber(), reader.ReadFlag());
        var rows = new byte[reader.ReadCount()][];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = reader.ReadBytes().ToArray();
        }

        return new InspectionProtocol.Answer(node, rows, total, hasMore);
    }
}
