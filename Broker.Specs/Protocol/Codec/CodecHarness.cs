using System.Buffers;
using Broker.Protocol.Codec;
using Broker.Protocol.Packets;

namespace Broker.Specs.Protocol.Codec;

/// <summary>Decoders in the state that a spec needs, and the ways in and out of the codec that all specs use.</summary>
internal static class CodecHarness
{
    public static readonly ProtocolVersion[] Versions = [ProtocolVersion.V31, ProtocolVersion.V311, ProtocolVersion.V5];

    /// <summary>A decoder of that side's packets, in force with that version: a client has said CONNECT already.</summary>
    public static PacketDecoder Decoder(PeerRole peer, ProtocolVersion version, int maximumPacketSize = 1_000_000)
    {
        var decoder = new PacketDecoder(peer) { MaximumPacketSize = maximumPacketSize };
        if (peer == PeerRole.Server)
        {
            decoder.Version = version;
            return decoder;
        }

        var connect = Encode(new ConnectPacket { Version = version, ClientId = "c" }, version);
        decoder.TryDecode(connect, out _, out _).Should().BeTrue();
        decoder.Version.Should().Be(version);
        return decoder;
    }

    /// <summary>The decoder for this type: a fresh one for CONNECT.</summary>
    public static PacketDecoder DecoderFor(PacketType type, PeerRole peer, ProtocolVersion version) =>
        type == PacketType.Connect ? new PacketDecoder(peer) { MaximumPacketSize = 1_000_000 } : Decoder(peer, version);

    public static byte[] Encode(Packet packet, ProtocolVersion version)
    {
        var output = new ArrayBufferWriter<byte>();
        PacketEncoder.Write(output, packet, version);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Decodes what is exactly one packet.</summary>
    public static Packet DecodeWhole(PacketDecoder decoder, ReadOnlySpan<byte> bytes)
    {
        decoder.TryDecode(bytes, out var packet, out var consumed).Should().BeTrue("the packet is complete");
        consumed.Should().Be(bytes.Length);
        return packet!;
    }

    /// <summary>What the decoder has accepted, encoded, and decoded again.</summary>
    public static (byte[] Bytes, Packet Copy) Again(Packet packet, PacketDecoder decoder)
    {
        var bytes = Encode(packet, decoder.Version);
        var again = packet is ConnectPacket
            ? new PacketDecoder(PeerRole.Client) { MaximumPacketSize = int.MaxValue }
            : Decoder(decoder.Peer, decoder.Version, int.MaxValue);
        return (bytes, DecodeWhole(again, bytes));
    }

    public static Packet FromClient(ProtocolVersion version, byte[] bytes) =>
        DecodeWhole(Decoder(PeerRole.Client, version), bytes);

    public static Packet FromServer(ProtocolVersion version, byte[] bytes) =>
        DecodeWhole(Decoder(PeerRole.Server, version), bytes);

    /// <summary>The reason code with which the decoder refuses these bytes.</summary>
    public static ReasonCode Refusal(PacketDecoder decoder, byte[] bytes)
    {
        var decode = () => decoder.TryDecode(bytes, out _, out _);
        var problem = decode.Should().Throw<MqttProtocolException>().Which;
        problem.Message.Should().NotBeNullOrWhiteSpace();
        return problem.ReasonCode;
    }

    public static ReasonCode RefusalFromClient(ProtocolVersion version, byte[] bytes) =>
        Refusal(Decoder(PeerRole.Client, version), bytes);

    public static ReasonCode RefusalFromServer(ProtocolVersion version, byte[] bytes) =>
        Refusal(Decoder(PeerRole.Server, version), bytes);
}
