using System.Buffers.Binary;
using System.Net;

namespace Broker.Protocol.Transport.Epoll;

/// <summary>accept4 and the sockaddr that it fills.</summary>
internal static unsafe class PeerAddress
{
    /// <summary>struct sockaddr_in6, the longer one.</summary>
    private const int Longest = 28;

    private const ushort InterNetwork = 2;
    private const ushort InterNetworkV6 = 10;

    /// <summary>The connection's descriptor, non-blocking, or -1 with an error.</summary>
    public static int Accept(int listener, out EndPoint? peer)
    {
        byte* address = stackalloc byte[Longest];
        int length = Longest;
        int descriptor = Libc.Accept(listener, address, &length, Libc.CloseOnExec | Libc.NonBlocking);
        peer = descriptor < 0 ? null : Parse(new ReadOnlySpan<byte>(address, Math.Min(length, Longest)));
        return descriptor;
    }

    /// <summary>A socket address as the kernel writes it. What cannot be one is <see cref="Addresses.Unknown"/>.</summary>
    public static EndPoint Parse(ReadOnlySpan<byte> address)
    {
        if (address.Length < 8)
        {
            return Addresses.Unknown;
        }

        // The family in the machine's byte order, the rest in the network's; the scope again in the machine's.
        ushort family = BitConverter.ToUInt16(address);
        int port = BinaryPrimitives.ReadUInt16BigEndian(address[2..]);
        return family switch
        {
            InterNetwork => new IPEndPoint(new IPAddress(address.Slice(4, 4)), port),
            InterNetworkV6 when address.Length >= Longest =>
                new IPEndPoint(new IPAddress(address.Slice(8, 16), BitConverter.ToUInt32(address[24..])), port),
            _ => Addresses.Unknown,
        };
    }
}
