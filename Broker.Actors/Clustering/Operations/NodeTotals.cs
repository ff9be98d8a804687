using Broker.Actors.Storage.Encoding;

namespace Broker.Actors.Clustering.Operations;

/// <summary>What a node counts, or the sum of what several count.</summary>
/// <param name="Connected">Clients.</param>
/// <param name="PacketsReceived">Of all types.</param>
/// <param name="PacketsSent">Of all types.</param>
/// <param name="PublishReceived">PUBLISH packets.</param>
/// <param name="PublishSent">PUBLISH packets.</param>
/// <param name="BytesReceived">From clients.</param>
/// <param name="BytesSent">To clients.</param>
/// <param name="Dropped">Messages, for whatever reason.</param>
internal readonly record struct NodeTotals(
    long Connected, long PacketsReceived, long PacketsSent, long PublishReceived, long PublishSent, long BytesReceived, long BytesSent, long Dropped)
{
    public static NodeTotals operator +(NodeTotals one, NodeTotals other) => new(
        one.Connected + other.Connected,
        one.PacketsReceived + other.PacketsReceived,
        one.PacketsSent + other.PacketsSent,
        one.PublishReceived + other.PublishReceived,
        one.PublishSent + other.PublishSent,
        one.BytesReceived + other.BytesReceived,
        one.BytesSent + other.BytesSent,
        one.Dropped + other.Dropped);

    public void Write(ByteWriter writer)
    {
        writer.WriteNumber(Connected);
        writer.WriteNumber(PacketsReceived);
        writer.WriteNumber(PacketsSent);
        writer.WriteNumber(PublishReceived);
        writer.WriteNumber(PublishSent);
        writer.WriteNumber(BytesReceived);
        writer.WriteNumber(BytesSent);
        writer.WriteNumber(Dropped);
    }

    /// <exception cref="FormatException">They end too early.</exception>
    public static NodeTotals Read(ref ByteReader reader) => new(
        reader.ReadNumber(),
        reader.ReadNumber(),
        reader.ReadNumber(),
        reader.ReadNumber(),
        reader.ReadNumber(),
        reader.ReadNumber(),
        reader.ReadNumber(),
        reader.ReadNumber());
}
