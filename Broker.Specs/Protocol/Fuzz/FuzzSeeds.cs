using System.Text;
using Broker.Protocol.Codec;
using Broker.Protocol.Packets;
using Broker.Specs.Protocol.Codec;
using Broker.Specs.Protocol.Transport.Proxy;

namespace Broker.Specs.Protocol.Fuzz;

/// <summary>What a fuzzer begins with: valid inputs of every kind, and some that are not. Always the same.</summary>
internal static class FuzzSeeds
{
    private const int PacketsOfEachKind = 60;
    private const int PacketsOfAStream = 3;

    /// <summary>Bytes: longer ones make a fuzzer slow, and say no more.</summary>
    private const int Longest = 300;

    private static readonly string[] Topics =
    [
        "a\na", "a/b/c\na/b/c", "a/#\na", "a/+/c\na//c", "+/+\n/", "#\n$SYS/a", "$SYS/#\n$SYS", "$share/group/a/+\na/b", "$share/group\na", "$share//a\na",
        "$share/g+/a\na", "a+\na", "a/#/b\na", "\na", "a\0\na", "é/ü/+\né/ü/😀", "////\n////",
    ];

    public static IEnumerable<FuzzInput> All() => Packets()
        .Concat(Topics.Select(topic => new FuzzInput(FuzzTarget.TopicFilter, Encoding.UTF8.GetBytes(topic))))
        .Concat(ProxyHeaderReaderSpecs.Headers.Concat(ProxyHeaderReaderSpecs.Malformed).Select(row => new FuzzInput(FuzzTarget.ProxyHeader, (byte[])row[1]!)))
        .Where(seed => seed.Bytes.Length <= Longest);

    private static IEnumerable<FuzzInput> Packets()
    {
        (FuzzTarget, PeerRole, ProtocolVersion)[] kinds =
        [
            (FuzzTarget.Client31, PeerRole.Client, ProtocolVersion.V31),
            (FuzzTarget.Client311, PeerRole.Client, ProtocolVersion.V311),
            (FuzzTarget.Client5, PeerRole.Client, ProtocolVersion.V5),
            (FuzzTarget.Server31, PeerRole.Server, ProtocolVersion.V31),
            (FuzzTarget.Server311, PeerRole.Server, ProtocolVersion.V311),
            (FuzzTarget.Server5, PeerRole.Server, ProtocolVersion.V5),
        ];
        foreach (var (target, peer, version) in kinds)
        {
            var packets = PacketGenerators.Corpus(peer, version, seed: 3, PacketsOfEachKind);
            foreach (var packet in packets)
            {
                yield return new FuzzInput(IsConnect(packet) ? FuzzTarget.Fresh : target, packet);
            }

            foreach (var stream in packets.Where(packet => !IsConnect(packet)).Chunk(PacketsOfAStream))
            {
                yield return new FuzzInput(target, [.. stream.SelectMany(packet => packet)]);
            }
        }
    }

    private static bool IsConnect(byte[] packet) => packet[0] >> 4 == (int)PacketType.Connect;
}
