using System.Buffers;
using System.Net.Sockets;
using System.Text;
using Broker.Protocol.Codec;
using Broker.Protocol.Packets;

namespace Broker.Specs.Protocol.Transport;

/// <summary>Bytes that clients send.</summary>
internal static class Wire
{
    /// <summary>Asks for a WebSocket that speaks MQTT.</summary>
    public const string Upgrade =
        "GET /mqtt HTTP/1.1\r\nHost: broker\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" +
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n";

    public static readonly byte[] Connect = Encode(new ConnectPacket { Version = ProtocolVersion.V311, ClientId = "spec" });

    public static readonly byte[] Ping = Encode(new PingReqPacket());

    public static byte[] Publish(string payload, string topic = "a/b") =>
        Encode(new PublishPacket { Topic = topic, Payload = Encoding.UTF8.GetBytes(payload) });

    public static byte[] Publish(byte[] payload) => Encode(new PublishPacket { Topic = "a/b", Payload = payload });

    public static byte[] Join(params byte[][] packets) => packets.SelectMany(p => p).ToArray();

    public static string[] Payloads(this RecordingHandler handler) =>
        handler.Packets.OfType<PublishPacket>().Select(p => Encoding.UTF8.GetString(p.Payload.Span)).ToArray();

    /// <summary>Reads until the other side has ended.</summary>
    public static byte[] ReadToEnd(this Socket socket)
    {
        var all = new ArrayBufferWriter<byte>();
        while (socket.Receive(all.GetSpan(65_536)) is > 0 and var read)
        {
            all.Advance(read);
        }

        return all.WrittenSpan.ToArray();
    }

    public static byte[] ReadExactly(this Socket socket, int count)
    {
        var bytes = new byte[count];
        int have = 0;
        while (have < count)
        {
            int read = socket.Receive(bytes.AsSpan(have));
            read.Should().BePositive("{0} of {1} bytes came before the end", have, count);
            have += read;
        }

        return bytes;
    }

    private static byte[] Encode(Packet packet)
    {
        var output = new ArrayBufferWriter<byte>();
        PacketEncoder.Write(output, packet, ProtocolVersion.V311);
        return output.WrittenSpan.ToArray();
    }
}
