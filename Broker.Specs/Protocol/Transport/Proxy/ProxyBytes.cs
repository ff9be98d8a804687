using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Numerics;
using System.Text;

namespace Broker.Specs.Protocol.Transport.Proxy;

/// <summary>PROXY headers as proxies send them.</summary>
internal static class ProxyBytes
{
    public static readonly IPEndPoint Listener = IPEndPoint.Parse("198.51.100.1:1883");

    public static byte[] Text(string line) => Encoding.Latin1.GetBytes(line + "\r\n");

    public static byte[] Text(IPEndPoint client) => Text(client.AddressFamily == AddressFamily.InterNetwork
        ? $"PROXY TCP4 {client.Address} {Listener.Address} {client.Port} {Listener.Port}"
        : $"PROXY TCP6 {client.Address} ::1 {client.Port} {Listener.Port}");

    /// <summary>Version 2, the command PROXY, over a stream.</summary>
    public static byte[] Binary(IPEndPoint client, params byte[][] values)
    {
        bool isV4 = client.AddressFamily == AddressFamily.InterNetwork;
        IPAddress own = isV4 ? Listener.Address : IPAddress.IPv6Loopback;
        byte[] ports = new byte[4];
        BinaryPrimitives.WriteUInt16BigEndian(ports, (ushort)client.Port);
        BinaryPrimitives.WriteUInt16BigEndian(ports.AsSpan(2), (ushort)Listener.Port);
        return Binary(0x21, isV4 ? (byte)0x11 : (byte)0x21, [.. client.Address.GetAddressBytes(), .. own.GetAddressBytes(), .. ports, .. values.SelectMany(value => value)]);
    }

    public static byte[] Binary(byte command, byte kind, params byte[] rest) =>
        [.. "\r\n\r\n\0\r\nQUIT\n"u8, command, kind, (byte)(rest.Length >> 8), (byte)rest.Length, .. rest];

    /// <summary>What a proxy sends for its own health check.</summary>
    public static byte[] Local() => Binary(0x20, 0x00);

    public static byte[] Value(byte type, params byte[] value) => [type, (byte)(value.Length >> 8), (byte)value.Length, .. value];

    public static byte[] AzureLink(uint link)
    {
        byte[] value = [0x01, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32LittleEndian(value.AsSpan(1), link);
        return Value(0xEE, value);
    }

    /// <summary>The same header with its checksum behind all else.</summary>
    public static byte[] WithChecksum(byte[] header)
    {
        byte[] whole = [.. header, .. Value(0x03, 0, 0, 0, 0)];
        BinaryPrimitives.WriteUInt16BigEndian(whole.AsSpan(14), (ushort)(whole.Length - 16));
        uint sum = whole.Aggregate(uint.MaxValue, BitOperations.Crc32C);
        BinaryPrimitives.WriteUInt32BigEndian(whole.AsSpan(whole.Length - 4), ~sum);
        return whole;
    }
}
