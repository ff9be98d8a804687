using Broker.Protocol.Codec.Reading;
using Broker.Protocol.Packets;

namespace Broker.Protocol.Codec;

/// <summary>
/// Decodes the packets of one connection, one after another, from whatever bytes have arrived. Not safe for
/// concurrent use. It starts without a version: the first packet must be CONNECT (or, from a server, the caller sets
/// <see cref="Version"/>), and sets it.
/// </summary>
public sealed class PacketDecoder(PeerRole peer)
{
    private readonly TopicCache _topics = new();
    private ProtocolVersion _version = ProtocolVersion.V311;
    private bool _connected;

    /// <summary>
    /// The version in force; set by CONNECT, or by the caller on the client side. It is right from the moment that the
    /// level of CONNECT has been read, so that a fault in the rest of it can be answered in the client's own version.
    /// </summary>
    public ProtocolVersion Version
    {
        get => _version;
        set => _version = value;
    }

    /// <summary>The peer whose packets are decoded.</summary>
    public PeerRole Peer { get; } = peer;

    /// <summary>Bytes of the largest packet accepted, fixed header included. A larger one is refused by its fixed header.</summary>
    public int MaximumPacketSize { get; set; } = 65_536;

    /// <summary>
    /// Whether PUBLISH of QoS 0 and 1, and acknowledgements without a reason, are lent: whoever decodes gives each back when it has been handled, on the same thread, and the
    /// next one is the same object. Nothing is allocated for them then but the payload of a QoS 1 publish, and a payload of more than
    /// <see cref="PublishPacket.LargestLentPayload"/>.
    /// </summary>
    internal bool Lends { get; init; }

    /// <summary>
    /// Decodes the first packet in <paramref name="source"/>. False: more bytes are needed and nothing was consumed.
    /// </summary>
    /// <exception cref="MqttProtocolException">
    /// The packet breaks the standard, or is too large. The connection is lost: the decoder must not be used further.
    /// </exception>
    public bool TryDecode(ReadOnlySpan<byte> source, out Packet? packet, out int consumed)
    {
        packet = null;
        consumed = 0;
        if (source.IsEmpty)
        {
            return false;
        }

        var header = new FirstByte(source[0]);
        Refuse(header);
        if (!VariableByteInteger.TryRead(source[1..], out var remaining, out var lengthBytes))
        {
            return false;
        }

        var headerSize = 1 + lengthBytes;
        if (headerSize + remaining > MaximumPacketSize)
        {
            Fault.TooLarge(header.Type, headerSize + remaining, MaximumPacketSize);
        }

        if (source.Length - headerSize < remaining)
        {
            return false;
        }

        var body = new PacketReader(source.Slice(headerSize, remaining));
        packet = Decode(header, ref body);
        body.ExpectEnd();
        _connected |= header.Type == PacketType.Connect;
        consumed = headerSize + remaining;
        return true;
    }

    /// <summary>All that can be refused by the first byte alone is, before any more has arrived.</summary>
    private void Refuse(FirstByte header)
    {
        if (Peer == PeerRole.Client && _connected == (header.Type == PacketType.Connect))
        {
            Fault.Protocol(_connected ? "a second CONNECT" : "the first packet is not CONNECT");
        }

        header.Check(Peer, _version);
    }

    private Packet Decode(FirstByte header, ref PacketReader body)
    {
        switch (header.Type)
        {
            case PacketType.Publish:
                return PublishReader.Read(ref body, header, _version, Peer, _topics, Lends);
            case PacketType.PubAck:
            case PacketType.PubRec:
            case PacketType.PubRel:
            case PacketType.PubComp:
                return AcknowledgementReader.Read(ref body, header.Type, _version, Peer, Lends);
            case PacketType.PingReq:
                return PingReqPacket.Instance;
            case PacketType.PingResp:
                return PingRespPacket.Instance;
            case PacketType.Subscribe:
                return SubscribeReader.Read(ref body, _version);
            case PacketType.SubAck:
                return SubAckReader.Read(ref body, _version);
            case PacketType.Unsubscribe:
                return UnsubscribeReader.Read(ref body, _version);
            case PacketType.UnsubAck:
                return UnsubAckReader.Read(ref body, _version);
            case PacketType.Connect:
                return ConnectReader.Read(ref body, ref _version);
            case PacketType.ConnAck:
                return ConnAckReader.Read(ref body, _version);
            case PacketType.Disconnect:
                return DisconnectReader.Read(ref body, _version, Peer);
            default:
                return AuthReader.Read(ref body, Peer);
        }
    }
}
