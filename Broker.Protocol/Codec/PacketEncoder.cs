using System.Buffers;
using Broker.Protocol.Packets;

namespace Broker.Protocol.Codec;

/// <summary>Encodes any packet for any version. Stateless.</summary>
public static class PacketEncoder
{
    /// <summary>Bytes that <see cref="Write"/> would produce, fixed header included.</summary>
    public static int GetSize(Packet packet, ProtocolVersion version) => throw new NotSupportedException();

    /// <summary>Appends the packet. What the version cannot express is left out.</summary>
    public static void Write(IBufferWriter<byte> output, Packet packet, ProtocolVersion version) => throw new NotSupportedException();
}
