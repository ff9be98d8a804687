using Broker.Protocol.Codec;
using Broker.Protocol.Packets;
using CsCheck;

namespace Broker.Specs.Protocol.Codec;

/// <summary>What is true of every packet in every version.</summary>
public class RoundTripSpecs
{
    private const int Samples = 3_000;

    public static TheoryData<PeerRole, ProtocolVersion> Sides
    {
        get
        {
            var sides = new TheoryData<PeerRole, ProtocolVersion>();
            foreach (var version in CodecHarness.Versions)
            {
                sides.Add(PeerRole.Client, version);
                sides.Add(PeerRole.Server, version);
            }

            return sides;
        }
    }

    [Theory]
    [MemberData(nameof(Sides))]
    public void Every_packet_comes_back_as_it_was(PeerRole peer, ProtocolVersion version) =>
        PacketGenerators.From(peer, version).Sample(
            packet =>
            {
                var bytes = CodecHarness.Encode(packet, version);
                var decoder = CodecHarness.DecoderFor(packet.Type, peer, version);
                PacketText.Of(CodecHarness.DecodeWhole(decoder, bytes)).Should().Be(PacketText.Of(packet));
            },
            iter: Samples,
            print: PacketText.Of);

    [Theory]
    [MemberData(nameof(Sides))]
    public void The_size_is_known_before_the_packet_is_written(PeerRole peer, ProtocolVersion version) =>
        PacketGenerators.From(peer, version).Sample(
            packet => PacketEncoder.GetSize(packet, version) == CodecHarness.Encode(packet, version).Length,
            iter: Samples,
            print: PacketText.Of);

    [Theory]
    [MemberData(nameof(Sides))]
    public void The_bytes_may_arrive_in_any_fragments(PeerRole peer, ProtocolVersion version) =>
        Gen.Select(PacketGenerators.From(peer, version).Where(packet => packet is not ConnectPacket).Array[1, 6], Gen.Int).Sample(
            (packets, seed) =>
            {
                var stream = packets.SelectMany(packet => CodecHarness.Encode(packet, version)).ToArray();
                var decoded = DecodeInFragments(CodecHarness.Decoder(peer, version), stream, new PacketMutator(seed));
                decoded.Select(PacketText.Of).Should().Equal(packets.Select(PacketText.Of));
            },
            iter: Samples / 10);

    [Theory]
    [MemberData(nameof(Sides))]
    public void No_prefix_of_a_packet_is_a_packet(PeerRole peer, ProtocolVersion version) =>
        PacketGenerators.From(peer, version).Sample(
            packet =>
            {
                var bytes = CodecHarness.Encode(packet, version);
                var decoder = CodecHarness.DecoderFor(packet.Type, peer, version);
                for (var length = 0; length < bytes.Length; length++)
                {
                    if (decoder.TryDecode(bytes.AsSpan(0, length), out var early, out var consumed) || early is not null || consumed != 0)
                    {
                        return false;
                    }
                }

                return decoder.TryDecode(bytes, out _, out _);
            },
            iter: Samples / 10,
            print: PacketText.Of);

    private static List<Packet> DecodeInFragments(PacketDecoder decoder, byte[] stream, PacketMutator cutter)
    {
        var decoded = new List<Packet>();
        var start = 0;
        var arrived = 0;
        while (arrived < stream.Length)
        {
            arrived += cutter.NextFragment(stream.Length - arrived);
            while (decoder.TryDecode(stream.AsSpan(start, arrived - start), out var packet, out var consumed))
            {
                decoded.Add(packet!);
                start += consumed;
            }
        }

        return decoded;
    }
}
