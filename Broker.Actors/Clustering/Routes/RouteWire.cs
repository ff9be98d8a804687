using Broker.Actors.Clustering.Wire;
using Broker.Actors.Storage.Encoding;

namespace Broker.Actors.Clustering.Routes;

/// <summary>What replicators send, and its forms.</summary>
internal static class RouteWire
{
    private const byte BeginsSnapshotFlag = 0x01;
    private const byte EndsSnapshotFlag = 0x02;

    public static IReadOnlyList<WireFormat> Formats { get; } =
    [
        new WireFormat<Batch>("rb", Write, ReadBatch),
        new WireFormat<Applied>("ra", Write, ReadApplied),
    ];

    private static void Write(ByteWriter writer, Batch batch)
    {
        writer.WriteNumber(batch.From);
        writer.WriteNumber(batch.To);
        writer.WriteNumber(batch.Stream);
        writer.WriteNumber(batch.Sequence);
        writer.WriteByte((byte)((batch.BeginsSnapshot ? BeginsSnapshotFlag : 0) | (batch.EndsSnapshot ? EndsSnapshotFlag : 0)));
        writer.WriteBytes(batch.Changes);
    }

    private static Batch ReadBatch(ref ByteReader reader, Akka.Actor.ExtendedActorSystem system)
    {
        var (from, to, stream, sequence) = ((int)reader.ReadNumber(), (int)reader.ReadNumber(), reader.ReadNumber(), reader.ReadNumber());
        var flags = reader.ReadByte();
        return new Batch(
            from, to, stream, sequence, (flags & BeginsSnapshotFlag) != 0, (flags & EndsSnapshotFlag) != 0, reader.ReadBytes().ToArray());
    }

    private static void Write(ByteWriter writer, Applied applied)
    {
        writer.WriteNumber(applied.From);
        writer.WriteNumber(applied.To);
        writer.WriteNumber(applied.Stream);
        writer.WriteNumber(applied.Sequence);
        writer.WriteByte(applied.Resend ? (byte)1 : (byte)0);
        writer.WriteNumber(applied.Barrier);
    }

    private static Applied ReadApplied(ref ByteReader reader, Akka.Actor.ExtendedActorSystem system) => new(
        (int)reader.ReadNumber(), (int)reader.ReadNumber(), reader.ReadNumber(), reader.ReadNumber(), reader.ReadByte() != 0, reader.ReadNumber());

    /// <summary>Changes of the sender's routes.</summary>
    /// <param name="From">The uid of the sending process.</param>
    /// <param name="To">The uid of the process it is for: another one under its address ignores it.</param>
    /// <param name="Stream">Grows with each new beginning.</param>
    /// <param name="Sequence">1 and up in the stream.</param>
    /// <param name="BeginsSnapshot">It and what follows is all that there is.</param>
    /// <param name="EndsSnapshot">Up to here.</param>
    /// <param name="Changes">See <see cref="RouteCodec"/>.</param>
    internal sealed record Batch(int From, int To, long Stream, long Sequence, bool BeginsSnapshot, bool EndsSnapshot, byte[] Changes) : IWireMessage;

    /// <summary>The answer.</summary>
    /// <param name="From">The uid of the process that applied.</param>
    /// <param name="To">The uid of the process that told.</param>
    /// <param name="Stream">Which; 0: none is known here.</param>
    /// <param name="Sequence">It routes by all up to here.</param>
    /// <param name="Resend">What is behind it is missing here.</param>
    /// <param name="Barrier">Its <see cref="Retained.RetainedGateway.Barrier"/>, read after the changes were applied.</param>
    internal sealed record Applied(int From, int To, long Stream, long Sequence, bool Resend, long Barrier) : IWireMessage;
}
