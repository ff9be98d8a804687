using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Broker.Protocol.Transport.Proxy;

namespace Broker.Protocol.Transport.Limits;

/// <summary>
/// Who counts as one by the address: an IPv4 address, a /64 of IPv6 (what one customer gets at least, who then has 2^64 addresses to choose from), and of Azure
/// Private Link within one link.
/// </summary>
public readonly record struct AddressKey
{
    private readonly ulong _network;
    private readonly AddressFamily _family;
    private readonly uint? _link;

    private AddressKey(ulong network, AddressFamily family, uint? link) => (_network, _family, _link) = (network, family, link);

    /// <summary>That of a client's address, as <see cref="IMqttChannel.RemoteAddress"/> has it; null where that is not known.</summary>
    public static AddressKey? Of(EndPoint client)
    {
        if (client is not IPEndPoint { Address: var address } || client.Equals(Addresses.Unknown))
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[16];
        if (!address.TryWriteBytes(bytes, out int length))
        {
            return null;
        }

        ulong network = length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt64BigEndian(bytes);
        return new AddressKey(network, address.AddressFamily, (client as PrivateLinkEndPoint)?.Link);
    }
}
