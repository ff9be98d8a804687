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
    private PublishPacket _packet = Messages.Publish(0, false);

    /// <summary>What the receiver speaks.</summary>
    [Params(ProtocolVersion.V311, ProtocolVersion.V5)]
    public ProtocolVersion Version { get; set; }

    /// <summary>Bytes of the application message.</summary>
    [Params(64, 1024)]
    public int Payload { get; set; }

    /// <summary>With expiry, content type and a user property; MQTT 5 only.</summary>
    [Params(false, true)]
    public bool Properties { get; set; }

    /// <summary>Makes what is encoded.</summary>
    [GlobalSetup]
    public void Setup() => _packet = Messages.Publish(Payload, Properties);

    /// <summary>One packet.</summary>
    [Benchmark]
    public int Encode()
    {
        _output.ResetWrittenCount();
        PacketEncoder.Write(_output, _packet, Version);
        return _output.WrittenCount;
    }
}
