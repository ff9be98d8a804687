using System.Net;
using System.Net.Sockets;

namespace Broker.Protocol.Transport;

/// <summary>Addresses as they are configured and as they are shown.</summary>
internal static class Addresses
{
    /// <summary>For a connection whose address could not be asked for any more.</summary>
    public static readonly EndPoint Unknown = new IPEndPoint(IPAddress.None, 0);

    /// <summary>An IPv4 client of a socket that takes both families is shown by its IPv4 address.</summary>
    public static EndPoint Unmapped(EndPoint? address) => address switch
    {
        IPEndPoint { Address.IsIPv4MappedToIPv6: true } mapped => new IPEndPoint(mapped.Address.MapToIPv4(), mapped.Port),
        null => Unknown,
        _ => address,
    };

    /// <summary>The address to bind for a configured host: as it is, or looked up, IPv4 first.</summary>
    /// <exception cref="SocketException">The name is not known.</exception>
    public static async Task<IPAddress> ResolveAsync(string host, CancellationToken cancellation)
    {
        if (IPAddress.TryParse(host, out IPAddress? address))
        {
            return address;
        }

        IPAddress[] found = await Dns.GetHostAddressesAsync(host, cancellation).ConfigureAwait(false);
        foreach (IPAddress candidate in found)
        {
            if (candidate.AddressFamily == AddressFamily.InterNetwork)
            {
                return candidate;
            }
        }

        return found.Length > 0 ? found[0] : throw new SocketException((int)SocketError.HostNotFound);
    }
}
