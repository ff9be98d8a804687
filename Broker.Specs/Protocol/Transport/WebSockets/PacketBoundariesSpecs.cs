using System.Buffers;
using Broker.Protocol.Codec;
using Broker.Protocol.Packets;
using Broker.Protocol.Transport.WebSockets;

namespace Broker.Specs.Protocol.Transport.WebSockets;

public class PacketBoundariesSpecs
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(127)]
    [InlineData(1000)]
    [InlineData(1_000_000)]
    public void Packets_are_found_wherever_their_bytes_are_cut(int cut)
    {
        int[] payloads = [0, 1, 120, 128, 16_384, 70_000, 0];
        var bytes = new ArrayBufferWriter<byte>();
        var ends = new List<int>();
        foreach (var length in payloads)
        {
            PacketEncoder.Write(bytes, new PublishPacket { Topic = "a", Payload = new byte[length] }, ProtocolVersion.V311);
            ends.Add(bytes.WrittenCount);
            PacketEncoder.Write(bytes, PingRespPacket.Instance, ProtocolVersion.V311);
            ends.Add(bytes.WrittenCount);
        }

        Ends(bytes.WrittenMemory, cut).Should().Equal(ends);
    }

    private static List<int> Ends(ReadOnlyMemory<byte> bytes, int cut)
    {
        var boundaries = new PacketBoundaries();
        var found = new List<int>();
        for (var at = 0; at < bytes.Length;)
        {
            // At most to the end of the piece: the next one begins there.
            var piece = bytes.Slice(at, Math.Min(cut - (at % cut), bytes.Length - at));
            at += boundaries.Next(piece.Span, out var ends);
            if (ends)
            {
                found.Add(at);
            }
        }

        return found;
    }
}
