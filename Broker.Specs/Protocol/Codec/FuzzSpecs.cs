using Broker.Protocol.Codec;
using Broker.Protocol.Packets;

namespace Broker.Specs.Protocol.Codec;

/// <summary>Hostile bytes: the decoder answers with a packet, a wish for more, or one kind of exception.</summary>
public class FuzzSpecs
{
    private const int Packets = 200_000;
    private const int MaximumPacketSize = 65_536;

    /// <summary>
    /// What decoding may allocate for each byte that has arrived. The densest packets are lists of tiny elements: a subscription of
    /// four bytes becomes a record, a string and a place in a list that has grown by doubling.
    /// </summary>
    private const int AllocatedPerByte = 40;

    /// <summary>An exception with its message and stack trace.</summary>
    private const int AllocatedPerCall = 16_384;

    [Fact]
    public void Two_hundred_thousand_mutated_packets_cause_nothing_but_protocol_exceptions()
    {
        var mutator = new PacketMutator(20_240_601);
        var outcome = new Outcome();
        var corpora = Corpora();
        for (var i = 0; i < Packets; i++)
        {
            var (peer, version, corpus) = corpora[i % corpora.Count];
            var packet = corpus[mutator.Next(corpus.Length)];
            var other = corpus[mutator.Next(corpus.Length)];
            var decoder = mutator.Next(4) == 0 && peer == PeerRole.Client
                ? new PacketDecoder(peer) { MaximumPacketSize = MaximumPacketSize }
                : CodecHarness.Decoder(peer, version, MaximumPacketSize);
            Feed(decoder, mutator.Mutate(packet, other), mutator, outcome);
        }

        // The mutator must neither leave everything alone nor break everything, or nothing was tried.
        outcome.Decoded.Should().BeGreaterThan(Packets / 10);
        outcome.Refused.Should().BeGreaterThan(Packets / 10);
        outcome.Incomplete.Should().BeGreaterThan(Packets / 50);
        outcome.ReasonCodes.Should().Contain(
            [ReasonCode.MalformedPacket, ReasonCode.ProtocolError, ReasonCode.PacketTooLarge, ReasonCode.TopicNameInvalid]);
    }

    private static List<(PeerRole Peer, ProtocolVersion Version, byte[][] Corpus)> Corpora()
    {
        var corpora = new List<(PeerRole, ProtocolVersion, byte[][])>();
        foreach (var version in CodecHarness.Versions)
        {
            corpora.Add((PeerRole.Client, version, PacketGenerators.Corpus(PeerRole.Client, version, 1, 400)));
            corpora.Add((PeerRole.Server, version, PacketGenerators.Corpus(PeerRole.Server, version, 2, 400)));
        }

        return corpora;
    }

    private static void Feed(PacketDecoder decoder, byte[] stream, PacketMutator mutator, Outcome outcome)
    {
        var start = 0;
        var arrived = 0;
        while (arrived < stream.Length)
        {
            arrived += mutator.NextFragment(stream.Length - arrived);
            while (true)
            {
                var available = stream.AsSpan(start, arrived - start);
                var before = GC.GetAllocatedBytesForCurrentThread();
                var result = TryDecode(decoder, available, out var packet, out var consumed, outcome);
                var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                if (allocated > (AllocatedPerByte * available.Length) + AllocatedPerCall)
                {
                    allocated.Should().BeLessThan((AllocatedPerByte * available.Length) + AllocatedPerCall, Convert.ToHexString(available));
                }

                if (result is null)
                {
                    return;
                }

                if (result == false)
                {
                    break;
                }

                if (consumed < 2 || consumed > available.Length)
                {
                    consumed.Should().BeInRange(2, available.Length);
                }

                outcome.Decoded++;
                CheckEncodesAgain(packet!, decoder);
                start += consumed;
            }
        }

        outcome.Incomplete += start < stream.Length ? 1 : 0;
    }

    /// <summary>Null: refused.</summary>
    private static bool? TryDecode(
        PacketDecoder decoder, ReadOnlySpan<byte> source, out Packet? packet, out int consumed, Outcome outcome)
    {
        packet = null;
        consumed = 0;
        try
        {
            return decoder.TryDecode(source, out packet, out consumed);
        }
        catch (MqttProtocolException problem)
        {
            outcome.Refused++;
            outcome.ReasonCodes.Add(problem.ReasonCode);
            return null;
        }
    }

    /// <summary>What was accepted is a packet that can be sent, and means the same when it is read again.</summary>
    private static void CheckEncodesAgain(Packet packet, PacketDecoder decoder)
    {
        var (bytes, copy) = CodecHarness.Again(packet, decoder);
        if (!CodecHarness.Encode(copy, decoder.Version).AsSpan().SequenceEqual(bytes))
        {
            PacketText.Of(copy).Should().Be(PacketText.Of(packet));
        }
    }

    private sealed class Outcome
    {
        public int Decoded { get; set; }

        public int Refused { get; set; }

        public int Incomplete { get; set; }

        public HashSet<ReasonCode> ReasonCodes { get; } = [];
    }
}
