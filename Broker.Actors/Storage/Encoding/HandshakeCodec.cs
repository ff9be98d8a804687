using Broker.Actors.Sessions;

namespace Broker.Actors.Storage.Encoding;

/// <summary>
/// The handshakes of a session as two binary columns, in runs: packet ids are given out in turn, so that a window of a thousand messages is usually one run.
/// </summary>
internal static class HandshakeCodec
{
    private const byte Version = 1;
    private const byte RoutedFlag = 0x01;
    private const byte PicksFlag = 0x02;

    /// <summary>Null: nothing is in flight.</summary>
    public static byte[]? EncodeOutbound(ByteWriter writer, HandshakeImage image)
    {
        var window = image.Window;
        if (window.IsEmpty)
        {
            return null;
        }

        writer.WriteByte(Version);
        long last = 0;
        for (var i = 0; i < window.Length;)
        {
            var first = window[i];
            if (first.PacketId == 0)
            {
                i++;
                continue;
            }

            var count = 1;
            while (i + count < window.Length && Follows(first, window[i + count], count))
            {
                count++;
            }

            writer.WriteNumber(first.Position - last);
            writer.WriteNumber(first.PacketId);
            writer.WriteNumber(count);
            writer.WriteByte((byte)first.State);
            last = first.Position;
            i += count;
        }

        return writer.Take();
    }

    /// <exception cref="FormatException">This is no window.</exception>
    public static void DecodeOutbound(byte[]? column, HandshakeImage image)
    {
        if (column is null)
        {
            return;
        }

        var readPosition = image.ReadPosition;
        var reader = Open(column);
        long last = 0;
        while (!reader.IsAtEnd)
        {
            var position = last + reader.ReadNumber();
            var packetId = reader.ReadNumber();
            var count = reader.ReadNumber();
            var state = reader.ReadByte();
            if (position < last || packetId < 1 || count < 1 || packetId + count - 1 > ushort.MaxValue || state > (byte)InflightState.AwaitingPubComp)
            {
                throw new FormatException($"at byte {reader.Position}: position {position}, packet id {packetId}, {count} messages, state {state}");
            }

            for (var i = 0; i < count; i++)
            {
                image.Read(position + i, (ushort)(packetId + i), (InflightState)state);
            }

            last = position;
        }

        if (image.ReadPosition != readPosition)
        {
            throw new FormatException($"position {image.ReadPosition} is in flight, and the queue was read up to {readPosition}");
        }
    }

    /// <summary>Null: the client has released everything.</summary>
    public static byte[]? EncodeInbound(ByteWriter writer, HandshakeImage image)
    {
        if (image.Inbound.Count == 0)
        {
            return null;
        }

        writer.WriteByte(Version);
        foreach (var (packetId, step) in image.Inbound)
        {
            writer.WriteNumber(packetId);
            writer.WriteNumber(step.Number);
            writer.WriteByte((byte)((step.IsRouted ? RoutedFlag : 0) | (step.Picks is null ? 0 : PicksFlag)));
            if (step.Picks is { } picks)
            {
                writer.WriteBytes(picks);
            }
        }

        return writer.Take();
    }

    /// <exception cref="FormatException">These are no publishes.</exception>
    public static void DecodeInbound(byte[]? column, HandshakeImage image)
    {
        if (column is null)
        {
            return;
        }

        var reader = Open(column);
        while (!reader.IsAtEnd)
        {
            var packetId = reader.ReadNumber();
            var number = reader.ReadNumber();
            var flags = reader.ReadByte();
            var picks = (flags & PicksFlag) == 0 ? null : reader.ReadBytes().ToArray();
            if (packetId is < 1 or > ushort.MaxValue || number < 1 || number > image.LastNumber)
            {
                throw new FormatException($"at byte {reader.Position}: packet id {packetId} is message {number} of {image.LastNumber}");
            }

            image.Inbound[(ushort)packetId] = new InboundStep(number, (flags & RoutedFlag) != 0, picks);
        }
    }

    private static bool Follows(OutboundStep first, OutboundStep next, int count) =>
        next.PacketId != 0 && next.PacketId == first.PacketId + count && next.Position == first.Position + count && next.State == first.State;

    private static ByteReader Open(byte[] column)
    {
        var reader = new ByteReader(column);
        return reader.ReadByte() is var version and not Version
            ? throw new FormatException($"its form is {version}, this program knows {Version}")
            : reader;
    }
}
