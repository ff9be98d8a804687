using System.Buffers;
using System.Buffers.Binary;
using Broker.Protocol.Packets;

namespace Broker.Protocol.Codec;

/// <summary>PUBACK, PUBREC, PUBREL and PUBCOMP without properties, from their parts. Does not allocate.</summary>
public static class AcknowledgementEncoder
{
    private const int BareSize = 4;

    /// <summary>Appends the acknowledgement; the reason code is left out at success, and for MQTT 3.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The type is none of the four.</exception>
    public static void Write(
        IBufferWriter<byte> output, PacketType type, ushort packetId, ReasonCode reasonCode, ProtocolVersion version)
    {
        if (type is < PacketType.PubAck or > PacketType.PubComp)
        {
            throw new ArgumentOutOfRangeException(nameof(type), type, "Not an acknowledgement of a PUBLISH.");
        }

        var size = GetSize(reasonCode, version);
        var span = output.GetSpan(size);
        span[0] = FirstByte.Of(type);
        span[1] = (byte)(size - 2);
        BinaryPrimitives.WriteUInt16BigEndian(span[2..], packetId);
        if (size > BareSize)
        {
            span[BareSize] = (byte)reasonCode;
        }

        output.Advance(size);
    }

    /// <summary>Bytes that <see cref="Write"/> takes: 4 or 5.</summary>
    public static int GetSize(ReasonCode reasonCode, ProtocolVersion version) =>
        version == ProtocolVersion.V5 && reasonCode != ReasonCode.Success ? BareSize + 1 : BareSize;
}
