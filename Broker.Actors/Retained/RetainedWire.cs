using Broker.Actors.Clustering.Wire;
using Broker.Actors.Sessions;
using Broker.Actors.Storage.Encoding;

namespace Broker.Actors.Retained;

/// <summary>The forms of <see cref="RetainedProtocol"/>.</summary>
internal static class RetainedWire
{
    [ThreadStatic]
    private static ByteWriter? _message;

    public static IReadOnlyList<WireFormat> Formats { get; } =
    [
        new WireFormat<RetainedProtocol.Batch>("retained-batch-1", Write, static (ref reader, system) =>
        {
            var (partition, origin, number) = ((int)reader.ReadNumber(), (int)reader.ReadNumber(), reader.ReadNumber());
            var writes = new RetainedProtocol.Write[reader.ReadCount()];
            for (var i = 0; i < writes.Length; i++)
            {
                writes[i] = new RetainedProtocol.Write(reader.ReadNumber(), MessageCodec.Decode(reader.ReadBytes().ToArray()));
            }

            return new RetainedProtocol.Batch(partition, origin, number, writes, WireFormat.ReadRef(ref reader, system));
        }),
        new WireFormat<RetainedProtocol.Answered>("retained-answered-1", Write, static (ref reader, _) =>
        {
            var (partition, number) = ((int)reader.ReadNumber(), reader.ReadNumber());
            var outcomes = new DeliveryOutcome[reader.ReadCount()];
            for (var i = 0; i < outcomes.Length; i++)
            {
                outcomes[i] = (DeliveryOutcome)reader.ReadByte();
            }

            return new RetainedProtocol.Answered(partition, number, outcomes);
        }),
        new WireFormat<RetainedProtocol.Change>("retained-change-1", Write, static (ref reader, system) => new RetainedProtocol.Change(
            (int)reader.ReadNumber(),
            reader.ReadNumber(),
            (int)reader.ReadNumber(),
            reader.ReadNumber(),
            reader.ReadByte() == 0 ? null : MessageCodec.Decode(reader.ReadBytes().ToArray()),
            WireFormat.ReadRef(ref reader, system))),
        new WireFormat<RetainedProtocol.Passed>(
            "retained-passed-1",
            static (writer, passed) =>
            {
                writer.WriteNumber(passed.Partition);
                writer.WriteNumber(passed.Version);
                writer.WriteNumber(passed.Node);
            },
            static (ref reader, _) => new RetainedProtocol.Passed((int)reader.ReadNumber(), reader.ReadNumber(), (int)reader.ReadNumber())),
        new WireFormat<RetainedProtocol.WhenApplied>(
            "retained-when-applied-1",
            static (writer, question) =>
            {
                writer.WriteNumber(question.Barrier);
                writer.WriteNumber(question.Question);
                WireFormat.WriteRef(writer, question.ReplyTo);
            },
            static (ref reader, system) => new RetainedProtocol.WhenApplied(reader.ReadNumber(), reader.ReadNumber(), WireFormat.ReadRef(ref reader, system))),
        new WireFormat<RetainedProtocol.AllApplied>(
            "retained-all-applied-1",
            static (writer, answer) => writer.WriteNumber(answer.Question),
            static (ref reader, _) => new RetainedProtocol.AllApplied(reader.ReadNumber())),
        new WireFormat<RetainedProtocol.Ping>(
            "retained-ping-1",
            static (writer, ping) => WireFormat.WriteRef(writer, ping.ReplyTo),
            static (ref reader, system) => new RetainedProtocol.Ping(WireFormat.ReadRef(ref reader, system))),
        new WireFormat<RetainedProtocol.Pong>("retained-pong-1", static (_, _) => { }, static (ref _, _) => new RetainedProtocol.Pong()),
    ];

    private static void Write(ByteWriter writer, RetainedProtocol.Batch batch)
    {
        writer.WriteNumber(batch.Partition);
        writer.WriteNumber(batch.Origin);
        writer.WriteNumber(batch.Number);
        writer.WriteNumber(batch.Writes.Count);
        foreach (var write in batch.Writes)
        {
            writer.WriteNumber(write.Number);
            writer.WriteBytes(MessageCodec.Encode(_message ??= new ByteWriter(), write.Publication));
        }

        WireFormat.WriteRef(writer, batch.ReplyTo);
    }

    private static void Write(ByteWriter writer, RetainedProtocol.Answered answered)
    {
        writer.WriteNumber(answered.Partition);
        writer.WriteNumber(answered.Number);
        writer.WriteNumber(answered.Outcomes.Count);
        foreach (var outcome in answered.Outcomes)
        {
            writer.WriteByte((byte)outcome);
        }
    }

    private static void Write(ByteWriter writer, RetainedProtocol.Change change)
    {
        writer.WriteNumber(change.Partition);
        writer.WriteNumber(change.Version);
        writer.WriteNumber(change.Origin);
        writer.WriteNumber(change.WriteNumber);
        writer.WriteByte(change.Publication is null ? (byte)0 : (byte)1);
        if (change.Publication is { } publication)
        {
            writer.WriteBytes(MessageCodec.Encode(_message ??= new ByteWriter(), publication));
        }

        WireFormat.WriteRef(writer, change.Owner);
    }
}
