using System.Buffers.Binary;
using System.Net;

namespace Broker.Protocol.Transport.Proxy;

/// <summary>Version 2: a signature, a command, the kind of addresses, their length with all that follows, the addresses, and values by type.</summary>
internal static class BinaryHeader
{
    /// <summary>
    /// Bytes of the longest header that is taken, though its length could say 65,551: addresses and what Azure, AWS and HAProxy add are far below, and what
    /// is announced must not be kept for strangers.
    /// </summary>
    public const int Longest = 4_096;

    /// <summary>Signature, command, kind and length.</summary>
    public const int Fixed = 16;

    private const int Version2 = 2;
    private const int LocalCommand = 0;
    private const int ProxyCommand = 1;

    private const int Unspecified = 0;
    private const int InterNetwork = 1;
    private const int InterNetworkV6 = 2;
    private const int Unix = 3;
    private const int Stream = 1;
    private const int LastProtocol = 2;

    private static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    public static bool MayBegin(ReadOnlySpan<byte> source)
    {
        int length = Math.Min(source.Length, Signature.Length);
        return source[..length].SequenceEqual(Signature[..length]);
    }

    public static bool TryRead(ReadOnlySpan<byte> source, out ProxyHeader header)
    {
        header = default;
        if (source.Length < Fixed)
        {
            return false;
        }

        int command = source[12] & 0x0F;
        if (source[12] >> 4 != Version2 || command > ProxyCommand)
        {
            throw Malformed($"has version and command 0x{source[12]:X2}, which are unknown");
        }

        int length = Fixed + BinaryPrimitives.ReadUInt16BigEndian(source[14..]);
        if (length > Longest)
        {
            throw Malformed($"says that it has {length} bytes; more than {Longest} are not taken");
        }

        if (source.Length < length)
        {
            return false;
        }

        if (command == LocalCommand)
        {
            // The proxy's own connection, its health check most often: whatever else it says is not looked at (section 2.2).
            header = new ProxyHeader(length, null);
            return true;
        }

        ReadOnlySpan<byte> whole = source[..length];
        int addresses = AddressLength(whole[13]);
        if (Fixed + addresses > length)
        {
            throw Malformed("is too short for its addresses");
        }

        HeaderValues values = HeaderValues.Read(whole, Fixed + addresses);
        header = new ProxyHeader(length, Client(whole, values));
        return true;
    }

    private static int AddressLength(byte kind)
    {
        if ((kind & 0x0F) > LastProtocol)
        {
            throw Malformed($"has the kind of addresses 0x{kind:X2}, which is unknown");
        }

        return (kind >> 4) switch
        {
            Unspecified => 0,
            InterNetwork => 12,
            InterNetworkV6 => 36,
            Unix => 216,
            _ => throw Malformed($"has the kind of addresses 0x{kind:X2}, which is unknown"),
        };
    }

    // Who comes by a way that has no such addresses is known by the proxy's own (section 2.2).
    private static IPEndPoint? Client(ReadOnlySpan<byte> header, HeaderValues values)
    {
        int family = header[13] >> 4;
        if ((header[13] & 0x0F) != Stream || family is not (InterNetwork or InterNetworkV6))
        {
            return null;
        }

        int size = family == InterNetwork ? 4 : 16;
        var address = new IPAddress(header.Slice(Fixed, size));
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        int port = BinaryPrimitives.ReadUInt16BigEndian(header[(Fixed + (2 * size))..]);
        return values.Link is { } link ? new PrivateLinkEndPoint(address, port, link) : new IPEndPoint(address, port);
    }

    internal static ProxyProtocolException Malformed(string how) => new($"its PROXY header (version 2) {how}");
}
