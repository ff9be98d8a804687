using Broker.Protocol.Packets;

namespace Broker.Protocol.Codec;

/// <summary>Which side's packets are decoded: each side may send only some of the types.</summary>
public enum PeerRole
{
    /// <summary>Decodes what clients send; anything else is a protocol error.</summary>
    Client,

    /// <summary>Decodes what servers send.</summary>
    Server,
}

/// <summary>
/// Decodes the packets of one connection, one after another, from whatever bytes have arrived. Not safe for
/// concurrent use. It starts without a version: the first packet must be CONNECT (or, from a server, the caller sets
/// <see cref="Version"/>), and sets it.
/// </summary>
public sealed class PacketDecoder(PeerRole peer)
{
    /// <summary>The version in force; set by CONNECT, or by the caller on the client side.</summary>
    public ProtocolVersion Version { get; set; } = ProtocolVersion.V311;

    /// <summary>The peer whose packets are decoded.</summary>
    public PeerRole Peer { get; } = peer;

    /// <summary>Bytes of the largest packet accepted, fixed header included. A larger one is refused by its fixed header.</summary>
    public int MaximumPacketSize { get; set; } = 65_536;

    /// <summary>
    /// Decodes the first packet in <paramref name="source"/>. False: more bytes are needed and nothing was consumed.
    /// </summary>
    /// <exception cref="MqttProtocolException">The packet breaks the standard, or is too large.</exception>
    public bool TryDecode(ReadOnlySpan<byte> source, out Packet? packet, out int consumed) => throw new NotSupportedException();
}
