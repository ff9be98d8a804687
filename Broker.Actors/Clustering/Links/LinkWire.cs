using Broker.Actors.Clustering.Wire;
using Broker.Actors.Storage.Encoding;

namespace Broker.Actors.Clustering.Links;

/// <summary>What links send, and its forms.</summary>
internal static class LinkWire
{
    public static IReadOnlyList<WireFormat> Formats { get; } =
    [
        new WireFormat<Batch>("lb", Write, ReadBatch),
        new WireFormat<Taken>("lt", Write, ReadTaken),
    ];

    private static void Write(ByteWriter writer, Batch batch)
    {
        writer.WriteNumber(batch.From);
        writer.WriteNumber(batch.To);
        writer.WriteNumber(batch.Sequence);
        writer.WriteNumber(batch.Confirmed);
        foreach (var content in batch.Contents)
        {
            writer.WriteBytes(content.Span);
        }
    }

    private static Batch ReadBatch(ref ByteReader reader, Akka.Actor.ExtendedActorSystem system)
    {
        var (from, to, sequence, confirmed) = ((int)reader.ReadNumber(), (int)reader.ReadNumber(), reader.ReadNumber(), reader.ReadNumber());
        var contents = new List<ReadOnlyMemory<byte>>(1);
        while (!reader.IsAtEnd)
        {
            contents.Add(reader.ReadBytes().ToArray());
        }

        return new Batch(from, to, sequence, confirmed, contents);
    }

    private static void Write(ByteWriter writer, Taken taken)
    {
        writer.WriteNumber(taken.From);
        writer.WriteNumber(taken.To);
        writer.WriteNumber(taken.Sequence);
        writer.WriteByte(taken.Resend ? (byte)1 : (byte)0);
        writer.WriteNumber(taken.Refused.Count);
        foreach (var refused in taken.Refused)
        {
            writer.WriteNumber(refused.Sequence);
            writer.WriteNumber(refused.Index);
        }
    }

    private static Taken ReadTaken(ref ByteReader reader, Akka.Actor.ExtendedActorSystem system)
    {
        var (from, to, sequence, resend) = ((int)reader.ReadNumber(), (int)reader.ReadNumber(), reader.ReadNumber(), reader.ReadByte() != 0);
        var refused = new RefusedPick[reader.ReadCount()];
        for (var i = 0; i < refused.Length; i++)
        {
            refused[i] = new RefusedPick(reader.ReadNumber(), (int)reader.ReadNumber());
        }

        return new Taken(from, to, sequence, resend, refused);
    }

    /// <summary>An envelope.</summary>
    /// <param name="From">The uid of the sending process.</param>
    /// <param name="To">The uid of the process it is for: another one under its address ignores it.</param>
    /// <param name="Sequence">1 and up between the two.</param>
    /// <param name="Confirmed">The sender knows what became of all up to here.</param>
    /// <param name="Contents">See <see cref="LinkItemCodec"/>.</param>
    internal sealed record Batch(int From, int To, long Sequence, long Confirmed, IReadOnlyList<ReadOnlyMemory<byte>> Contents) : IWireMessage;

    /// <summary>The answer.</summary>
    /// <param name="From">The uid of the process that received.</param>
    /// <param name="To">The uid of the process that sent.</param>
    /// <param name="Sequence">The event loops have taken all up to here.</param>
    /// <param name="Resend">Something behind it is missing.</param>
    /// <param name="Refused">Picks whose connection is gone, as far as they are not confirmed.</param>
    internal sealed record Taken(int From, int To, long Sequence, bool Resend, IReadOnlyList<RefusedPick> Refused) : IWireMessage;
}
