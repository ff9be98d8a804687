using System.Buffers;
using Broker.Protocol.Codec.Writing;
using Broker.Protocol.Packets;

namespace Broker.Protocol.Codec;

/// <summary>Encodes any packet for any version. Stateless.</summary>
public static class PacketEncoder
{
    /// <summary>Bytes that <see cref="Write"/> would produce, fixed header included.</summary>
    /// <exception cref="InvalidOperationException">The version has no such packet, or a field or the whole is too long for MQTT.</exception>
    public static int GetSize(Packet packet, ProtocolVersion version) =>
        packet is PublishPacket publish
            ? PublishEncoder.GetSize(publish, version)
            : Frame.Size(CountBody(packet, version));

    /// <summary>
    /// Appends the packet. What the version cannot express is left out. The version is the argument's, in CONNECT too.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// The version has no such packet (AUTH, and DISCONNECT with a reason, in MQTT 3), or a field or the whole is too
    /// long for MQTT. Nothing has been written.
    /// </exception>
    public static void Write(IBufferWriter<byte> output, Packet packet, ProtocolVersion version)
    {
        if (packet is PublishPacket publish)
        {
            PublishEncoder.Write(output, publish, version);
            return;
        }

        var remaining = CountBody(packet, version);
        var size = Frame.Size(remaining);
        var writer = PacketWriter.Into(output.GetSpan(size));
        writer.Byte(FirstByte.Of(packet.Type));
        writer.VariableByteInteger(remaining);
        WriteBody(ref writer, packet, version);
        output.Advance(size);
    }

    private static int CountBody(Packet packet, ProtocolVersion version)
    {
        var counter = PacketWriter.Counter();
        WriteBody(ref counter, packet, version);
        return counter.Length;
    }

    private static void WriteBody(ref PacketWriter writer, Packet packet, ProtocolVersion version)
    {
        switch (packet)
        {
            case AcknowledgementPacket acknowledgement:
                AcknowledgementWriter.Write(ref writer, acknowledgement, version);
                break;
            case PingReqPacket or PingRespPacket:
                break;
            case SubAckPacket subAck:
                SubAckWriter.Write(ref writer, subAck, version);
                break;
            case UnsubAckPacket unsubAck:
                UnsubAckWriter.Write(ref writer, unsubAck, version);
                break;
            case ConnAckPacket connAck:
                ConnAckWriter.Write(ref writer, connAck, version);
                break;
            case DisconnectPacket disconnect:
                DisconnectWriter.Write(ref writer, disconnect, version);
                break;
            case AuthPacket auth:
                AuthWriter.Write(ref writer, auth, version);
                break;
            case ConnectPacket connect:
                ConnectWriter.Write(ref writer, connect, version);
                break;
            case SubscribePacket subscribe:
                SubscribeWriter.Write(ref writer, subscribe, version);
                break;
            case UnsubscribePacket unsubscribe:
                UnsubscribeWriter.Write(ref writer, unsubscribe, version);
                break;
            default:
                throw new InvalidOperationException($"{packet.GetType()} is not a packet of MQTT.");
        }
    }
}
