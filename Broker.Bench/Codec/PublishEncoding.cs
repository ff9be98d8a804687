using System.Buffers;
using BenchmarkDotNet.Attributes;
using Broker.Protocol.Codec;
using Broker.Protocol.Packets;

namespace Broker.Bench.Codec;

/// <summary>Encoding a PUBLISH into a buffer that is there already.</summary>
[MemoryDiagnoser]
public class PublishEncoding
{
    private readonly ArrayBufferWriter<byte> _output = new(65_536);
    private ProtocolVersion _version;
    private PublishPacket _packet = Messages.Publish(0, MessageKind.V311);

    /// <summary>The version, and whether the message has properties.</summary>
    [Params(MessageKind.V311, MessageKind.V5, MessageKind.V5WithProperties)]
    public MessageKind Kind { get; set; }

    /// <summary>Bytes of the application message.</summary>
    [Params(64, 1024)]
    public int Payload { get; set; }

    /// <summary>Makes what is encoded.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _version = Messages.Version(Kind);
        _packet = Messages.Publish(Payload, Kind);
    }

    /// <summary>One packet.</summary>
    [Benchmark]
    public int Encode()
    {
        _output.ResetWrittenCount();
        PacketEncoder.Write(_output, _packet, _version);
        return _output.WrittenCount;
    }
}
