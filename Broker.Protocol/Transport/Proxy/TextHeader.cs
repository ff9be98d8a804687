using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Broker.Protocol.Transport.Proxy;

/// <summary>Version 1: one line, such as <c>PROXY TCP4 192.0.2.7 198.51.100.1 40000 1883</c>.</summary>
internal static class TextHeader
{
    /// <summary>Bytes of the longest line, its end included (section 2.1).</summary>
    public const int Longest = 107;

    private const int Parts = 6;

    private static ReadOnlySpan<byte> Beginning => "PROXY "u8;

    private static ReadOnlySpan<byte> End => "\r\n"u8;

    public static bool MayBegin(ReadOnlySpan<byte> source)
    {
        int length = Math.Min(source.Length, Beginning.Length);
        return source[..length].SequenceEqual(Beginning[..length]);
    }

    public static bool TryRead(ReadOnlySpan<byte> source, out ProxyHeader header)
    {
        header = default;
        ReadOnlySpan<byte> line = source[..Math.Min(source.Length, Longest)];
        int end = line.IndexOf(End);
        if (end < 0)
        {
            return line.Length < Longest ? false : throw Malformed($"is longer than {Longest} bytes");
        }

        header = new ProxyHeader(end + End.Length, Client(Encoding.Latin1.GetString(line[Beginning.Length..end])));
        return true;
    }

    private static IPEndPoint? Client(string line)
    {
        string[] parts = line.Split(' ', Parts);
        if (parts[0] == "UNKNOWN")
        {
            // What follows is not looked at (section 2.1).
            return null;
        }

        AddressFamily family = parts[0] switch
        {
            "TCP4" => AddressFamily.InterNetwork,
            "TCP6" => AddressFamily.InterNetworkV6,
            _ => throw Malformed("names a protocol that is not TCP4, TCP6 or UNKNOWN"),
        };
        if (parts.Length != Parts - 1)
        {
            throw Malformed("has not two addresses and two ports");
        }

        IPAddress client = Address(parts[1], family);
        _ = Address(parts[2], family);
        int port = Port(parts[3]);
        _ = Port(parts[4]);
        return new IPEndPoint(client, port);
    }

    private static IPAddress Address(string text, AddressFamily family)
    {
        // The parser takes more than the protocol does: 127.1, 0x7F.0.0.1, [::1], fe80::1%2.
        bool isPlain = IPAddress.TryParse(text, out IPAddress? address) && address.AddressFamily == family
            && (family == AddressFamily.InterNetwork ? address.ToString() == text : text.All(sign => char.IsAsciiHexDigit(sign) || sign is ':' or '.'));
        return isPlain ? address! : throw Malformed("has an address that is none of its protocol");
    }

    private static int Port(string text) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) && (text.Length == 1 || text[0] != '0')
            ? port
            : throw Malformed("has a port that is not a number from 0 to 65535");

    private static ProxyProtocolException Malformed(string how) => new($"its PROXY header (version 1) {how}");
}
