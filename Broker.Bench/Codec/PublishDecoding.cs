using System.Buffers;
using BenchmarkDotNet.Attributes;
using Broker.Protocol.Codec;
using Broker.Protocol.Packets;

namespace Broker.Bench.Codec;

/// <summary>Decoding a PUBLISH from a client that publishes to the same topic again and again, with packets that are lent, as the transport's are.</summary>
[MemoryDiagnoser]
public class PublishDecoding
{
    private readonly PacketDecoder _decoder = new(PeerRole.Client) { Lends = true, MaximumPacketSize = 1_000_000 };
    private byte[] _bytes = [];

    /// <summary>The version, and whether the message has properties.</summary>
    [Params(MessageKind.V311, MessageKind.V5, MessageKind.V5WithProperties)]
    public MessageKind Kind { get; set; }

    /// <summary>Bytes of the application message.</summary>
    [Params(64, 1024)]
    public int Payload { get; set; }

    /// <summary>Connects, and encodes what is decoded.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var version = Messages.Version(Kind);
        var output = new ArrayBufferWriter<byte>();
        PacketEncoder.Write(output, new ConnectPacket { Version = version, ClientId = "bench" }, version);
        _decoder.TryDecode(output.WrittenSpan, out _, out _);
        output.Clear();
        PacketEncoder.Write(output, Messages.Publish(Payload, Kind), version);
        _bytes = output.WrittenSpan.ToArray();
    }

    /// <summary>One packet.</summary>
    [Benchmark]
    public Packet? Decode()
    {
        _decoder.TryDecode(_bytes, out var packet, out _);
        packet!.GiveBack();
        return packet;
    }
}
