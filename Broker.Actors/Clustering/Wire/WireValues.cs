using Akka.Actor;
using Akka.Cluster;
using Broker.Actors.Connections;
using Broker.Actors.Storage.Encoding;
using Broker.Protocol.Packets;

namespace Broker.Actors.Clustering.Wire;

/// <summary>The parts that several forms have.</summary>
internal static class WireValues
{
    public static void WriteFlag(this ByteWriter writer, bool value) => writer.WriteByte(value ? (byte)1 : (byte)0);

    public static bool ReadFlag(this ref ByteReader reader) => reader.ReadByte() switch
    {
        0 => false,
        1 => true,
        var other => throw new FormatException($"at byte {reader.Position}: {other} is neither true nor false"),
    };

    /// <summary>Where there may be none.</summary>
    public static void WriteOptional<T>(this ByteWriter writer, T? value, Action<ByteWriter, T> write)
        where T : class
    {
        writer.WriteFlag(value is not null);
        if (value is not null)
        {
            write(writer, value);
        }
    }

    /// <summary>Null is as good as none.</summary>
    public static void WriteOptionalBytes(this ByteWriter writer, byte[]? bytes) => writer.WriteBytes(bytes);

    public static byte[]? ReadOptionalBytes(this ref ByteReader reader) => reader.ReadBytes() is { Length: > 0 } bytes ? bytes.ToArray() : null;

    public static void WriteTime(this ByteWriter writer, TimeSpan? value)
    {
        writer.WriteFlag(value.HasValue);
        if (value is { } time)
        {
            writer.WriteNumber(time.Ticks);
        }
    }

    public static TimeSpan? ReadTime(this ref ByteReader reader) => reader.ReadFlag() ? TimeSpan.FromTicks(reader.ReadNumber()) : null;

    public static void WriteMark(this ByteWriter writer, LaneMark mark)
    {
        writer.WriteNumber(mark.Attachment);
        writer.WriteNumber(mark.Number);
    }

    public static LaneMark ReadMark(this ref ByteReader reader) => new(reader.ReadInteger(), reader.ReadNumber());

    /// <exception cref="FormatException">It is none, or too large.</exception>
    public static int ReadInteger(this ref ByteReader reader) => reader.ReadNumber() is var value && value == (int)value
        ? (int)value
        : throw new FormatException($"at byte {reader.Position}: {value} is too large");

    /// <exception cref="FormatException">It is no packet id.</exception>
    public static ushort ReadPacketId(this ref ByteReader reader) => reader.ReadNumber() is var value && value is >= 0 and <= ushort.MaxValue
        ? (ushort)value
        : throw new FormatException($"at byte {reader.Position}: {value} is no packet identifier");

    /// <exception cref="FormatException">It is no QoS.</exception>
    public static QualityOfService ReadQoS(this ref ByteReader reader) => reader.ReadByte() is var value && value <= (byte)QualityOfService.ExactlyOnce
        ? (QualityOfService)value
        : throw new FormatException($"at byte {reader.Position}: {value} is no QoS");

    public static void WriteNode(this ByteWriter writer, UniqueAddress node)
    {
        writer.WriteString(node.Address.ToString());
        writer.WriteNumber(node.Uid);
    }

    /// <exception cref="FormatException">It is no node.</exception>
    public static UniqueAddress ReadNode(this ref ByteReader reader)
    {
        var text = reader.ReadString();
        return Address.TryParse(text, out var address)
            ? new UniqueAddress(address, reader.ReadInteger())
            : throw new FormatException($"at byte {reader.Position}: \"{text}\" is no address");
    }

    public static void WriteOptionalNode(this ByteWriter writer, UniqueAddress? node) => writer.WriteOptional(node, WriteNode);

    public static UniqueAddress? ReadOptionalNode(this ref ByteReader reader) => reader.ReadFlag() ? reader.ReadNode() : null;

    public static void WriteConnection(this ByteWriter writer, ConnectionRef connection)
    {
        writer.WriteString(connection.ClientId);
        writer.WriteNumber(connection.Number);
        WireFormat.WriteRef(writer, connection.Registry);
        writer.WriteOptionalNode(connection.Node);
    }

    public static ConnectionRef ReadConnection(this ref ByteReader reader, ExtendedActorSystem system) =>
        new(reader.ReadString(), reader.ReadNumber(), WireFormat.ReadRef(ref reader, system), reader.ReadOptionalNode());

    public static void WriteIdentifiers(this ByteWriter writer, uint[]? identifiers)
    {
        writer.WriteNumber(identifiers?.Length ?? 0);
        foreach (var identifier in identifiers ?? [])
        {
            writer.WriteNumber(identifier);
        }
    }

    public static uint[]? ReadIdentifiers(this ref ByteReader reader)
    {
        var count = reader.ReadCount();
        if (count == 0)
        {
            return null;
        }

        var identifiers = new uint[count];
        for (var i = 0; i < count; i++)
        {
            identifiers[i] = (uint)reader.ReadNumber();
        }

        return identifiers;
    }

    public static void WriteReasonCodes(this ByteWriter writer, IReadOnlyList<ReasonCode> reasonCodes)
    {
        writer.WriteNumber(reasonCodes.Count);
        foreach (var reasonCode in reasonCodes)
        {
            writer.WriteByte((byte)reasonCode);
        }
    }

    public static ReasonCode[] ReadReasonCodes(this ref ByteReader reader)
    {
        var reasonCodes = new ReasonCode[reader.ReadCount()];
        for (var i = 0; i < reasonCodes.Length; i++)
        {
            reasonCodes[i] = (ReasonCode)reader.ReadByte();
        }

        return reasonCodes;
    }
}
