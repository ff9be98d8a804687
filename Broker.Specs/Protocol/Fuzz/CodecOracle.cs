using Broker.Protocol.Codec;
using Broker.Protocol.Packets;
using Broker.Protocol.Transport.Channels;
using Broker.Specs.Protocol.Codec;
using Broker.Specs.Protocol.Transport;

namespace Broker.Specs.Protocol.Fuzz;

/// <summary>
/// A stream of bytes gives packets, and then a wish for more or a protocol error, however it is cut into pieces and whenever reading is paused; each packet is
/// the same after it was encoded and decoded again.
/// </summary>
internal static class CodecOracle
{
    private static readonly int[] PieceSizes = [1, 2, 7, 64];

    public static FuzzOutcome Check(FuzzTarget target, byte[] stream)
    {
        var whole = Decode(Decoder(target), stream);
        foreach (var size in PieceSizes)
        {
            InPieces(Decoder(target), stream, size, isPausing: false).Should().Be(whole, "pieces of {0} bytes mean the same", size);
        }

        InPieces(Decoder(target), stream, Math.Max(1, stream.Length), isPausing: true).Should().Be(whole, "pauses change nothing");
        InPieces(Decoder(target), stream, PieceSizes[2], isPausing: true).Should().Be(whole, "pauses between pieces change nothing");
        return whole;
    }

    private static PacketDecoder Decoder(FuzzTarget target) => target switch
    {
        FuzzTarget.Fresh => new PacketDecoder(PeerRole.Client),
        FuzzTarget.Client31 => CodecHarness.Decoder(PeerRole.Client, ProtocolVersion.V31, MaximumPacketSize),
        FuzzTarget.Client311 => CodecHarness.Decoder(PeerRole.Client, ProtocolVersion.V311, MaximumPacketSize),
        FuzzTarget.Client5 => CodecHarness.Decoder(PeerRole.Client, ProtocolVersion.V5, MaximumPacketSize),
        FuzzTarget.Server31 => CodecHarness.Decoder(PeerRole.Server, ProtocolVersion.V31, MaximumPacketSize),
        FuzzTarget.Server311 => CodecHarness.Decoder(PeerRole.Server, ProtocolVersion.V311, MaximumPacketSize),
        FuzzTarget.Server5 => CodecHarness.Decoder(PeerRole.Server, ProtocolVersion.V5, MaximumPacketSize),
        _ => throw new ArgumentOutOfRangeException(nameof(target), target, "It decodes nothing."),
    };

    private static int MaximumPacketSize { get; } = new PacketDecoder(PeerRole.Client).MaximumPacketSize;

    /// <summary>Packet by packet, as they lie there.</summary>
    private static FuzzOutcome Decode(PacketDecoder decoder, byte[] stream)
    {
        var accepted = new List<Packet>();
        var at = 0;
        try
        {
            while (decoder.TryDecode(stream.AsSpan(at), out var packet, out var consumed))
            {
                consumed.Should().BeInRange(2, stream.Length - at);
                at += consumed;
                accepted.Add(packet!);
                CheckComesBack(packet!, decoder);
            }
        }
        catch (MqttProtocolException refusal)
        {
            return new FuzzOutcome(Text(accepted, decoder), Text(refusal), 0);
        }

        return new FuzzOutcome(Text(accepted, decoder), null, stream.Length - at);
    }

    private static void CheckComesBack(Packet packet, PacketDecoder decoder)
    {
        var (bytes, copy) = CodecHarness.Again(packet, decoder);
        PacketEncoder.GetSize(packet, decoder.Version).Should().Be(bytes.Length);
        PacketText.Of(copy).Should().Be(PacketText.Of(packet));
    }

    /// <summary>As a connection reads it.</summary>
    private static FuzzOutcome InPieces(PacketDecoder decoder, byte[] stream, int size, bool isPausing)
    {
        var reader = new PacketReader(decoder);
        var handler = new RecordingHandler { WhenPacket = _ => reader.IsPaused = isPausing };
        for (var at = 0; at < stream.Length; at += size)
        {
            reader.Read(stream.AsSpan(at, Math.Min(size, stream.Length - at)), handler);
            while (reader.IsPaused)
            {
                reader.IsPaused = false;
                reader.ReadHeld(handler);
            }
        }

        var left = reader.KeptBytes;
        var problem = reader.TakeProblem();
        reader.Stop();
        return new FuzzOutcome(Text(handler.Packets, decoder), problem is null ? null : Text(problem), left);
    }

    private static string Text(IEnumerable<Packet> packets, PacketDecoder decoder) =>
        string.Join(' ', packets.Select(packet => Convert.ToHexString(CodecHarness.Encode(packet, decoder.Version))));

    private static string Text(MqttProtocolException refusal)
    {
        refusal.Message.Should().NotBeNullOrWhiteSpace();
        return $"{refusal.ReasonCode}: {refusal.Message}";
    }
}
