using Akka.Actor;
using Akka.Cluster;
using Broker.Actors.Clustering.Wire;
using Broker.Actors.Draining;
using Broker.Actors.Storage.Encoding;

namespace Broker.Actors.Clustering.Operations;

/// <summary>The forms of what the primary and the nodes tell each other.</summary>
internal static class OperationsWire
{
    public static IReadOnlyList<WireFormat> Formats { get; } =
    [
        new WireFormat<PrimaryReport>("op1", Write, ReadPrimary),
        new WireFormat<NodeReport>("op2", Write, ReadNode),
        new WireFormat<LeaveRequest>("op3", static (_, _) => { }, static (ref ByteReader _, ExtendedActorSystem _) => LeaveRequest.Instance),
    ];

    private static void Write(ByteWriter writer, PrimaryReport report)
    {
        WriteNode(writer, report.Primary);
        writer.WriteNumber(report.Term);
        writer.WriteNumber(report.Since);
        writer.WriteByte(report.Turn is null ? (byte)0 : (byte)1);
        if (report.Turn is not null)
        {
            WriteNode(writer, report.Turn);
        }

        writer.WriteNumber(report.Nodes);
        writer.WriteNumber(report.Ready);
        report.Totals.Write(writer);
    }

    private static PrimaryReport ReadPrimary(ref ByteReader reader, ExtendedActorSystem system) => new(
        ReadNode(ref reader),
        reader.ReadNumber(),
        reader.ReadNumber(),
        reader.ReadByte() == 0 ? null : ReadNode(ref reader),
        (int)reader.ReadNumber(),
        (int)reader.ReadNumber(),
        NodeTotals.Read(ref reader));

    private static void Write(ByteWriter writer, NodeReport report)
    {
        WriteNode(writer, report.Node);
        writer.WriteByte((byte)report.Drain);
        writer.WriteByte(report.IsReady ? (byte)1 : (byte)0);
        report.Totals.Write(writer);
    }

    private static NodeReport ReadNode(ref ByteReader reader, ExtendedActorSystem system) => new(
        ReadNode(ref reader),
        reader.ReadByte() is var drain && Enum.IsDefined((DrainState)drain) ? (DrainState)drain : throw new FormatException($"{drain} is no state of a drain"),
        reader.ReadByte() != 0,
        NodeTotals.Read(ref reader));

    private static void WriteNode(ByteWriter writer, UniqueAddress node)
    {
        writer.WriteString(node.Address.ToString());
        writer.WriteNumber(node.Uid);
    }

    private static UniqueAddress ReadNode(ref ByteReader reader)
    {
        var text = reader.ReadString();
        return Address.TryParse(text, out var address)
            ? new UniqueAddress(address, (int)reader.ReadNumber())
            : throw new FormatException($"\"{text}\" is no address of a node");
    }
}
