using System.Buffers;
using Broker.Protocol.Codec;
using Broker.Protocol.Packets;

namespace Broker.Actors.Routing;

/// <summary>An encoded PUBLISH without subscription identifiers, topic alias or expiry.</summary>
internal sealed class PublishFrame
{
    private const byte DuplicateFlag = 0x08;
    private const byte RetainFlag = 0x01;

    [ThreadStatic]
    private static ExactWriter? _writer;

    private readonly byte[] _bytes;
    private readonly int _packetIdOffset;
    private readonly bool _isVersion5;

    private PublishFrame(byte[] bytes, int packetIdOffset, bool isVersion5, PublishFrame? next) =>
        (_bytes, _packetIdOffset, _isVersion5, Next) = (bytes, packetIdOffset, isVersion5, next);

    /// <summary>Another frame of the same message, or null.</summary>
    public PublishFrame? Next { get; }

    public int Length => _bytes.Length;

    /// <summary>Whether it is for clients of that version, with a packet id or without.</summary>
    public bool IsFor(bool version5, bool acknowledged) => _isVersion5 == version5 && _packetIdOffset >= 0 == acknowledged;

    public static PublishFrame Encode(Publication publication, bool version5, bool acknowledged, PublishFrame? next)
    {
        var version = version5 ? ProtocolVersion.V5 : ProtocolVersion.V311;
        var qos = acknowledged ? QualityOfService.AtLeastOnce : QualityOfService.AtMostOnce;
        var packetId = (ushort)(acknowledged ? 1 : 0);
        var size = PublishEncoder.GetSize(
            publication.Topic, publication.Payload, qos, false, false, packetId, 0, null, publication.Properties, null, version);
        var bytes = new byte[size];
        var writer = _writer ??= new ExactWriter();
        writer.Target = bytes;
        var offset = PublishEncoder.Write(
            writer, publication.Topic, publication.Payload, qos, false, false, packetId, 0, null, publication.Properties, null, version);
        writer.Target = [];
        return new PublishFrame(bytes, offset, version5, next);
    }

    /// <summary>Appends a copy with these flags and, above QoS 0, this packet id.</summary>
    public void CopyTo(IBufferWriter<byte> output, QualityOfService qos, bool retain, bool duplicate, ushort packetId)
    {
        var span = output.GetSpan(_bytes.Length);
        _bytes.CopyTo(span);
        span[0] = (byte)(((int)PacketType.Publish << 4) | ((int)qos << 1) | (duplicate ? DuplicateFlag : 0) | (retain ? RetainFlag : 0));
        if (_packetIdOffset >= 0)
        {
            span[_packetIdOffset] = (byte)(packetId >> 8);
            span[_packetIdOffset + 1] = (byte)packetId;
        }

        output.Advance(_bytes.Length);
    }

    /// <summary>Writes into an array of the very size, which the frame keeps.</summary>
    private sealed class ExactWriter : IBufferWriter<byte>
    {
        public byte[] Target { get; set; } = [];

        public void Advance(int count)
        {
        }

        public Memory<byte> GetMemory(int sizeHint = 0) => Target;

        public Span<byte> GetSpan(int sizeHint = 0) => Target;
    }
}
