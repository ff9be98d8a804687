using System.Net;

namespace Broker.Protocol.Transport.Proxy;

/// <summary>
/// A client behind Azure Private Link. Its address is one of the consumer's own network, which other consumers' networks may have too: the link
/// makes it one of its own, here as in the log.
/// </summary>
/// <param name="address">The client's, in the consumer's network.</param>
/// <param name="port">0 to 65,535.</param>
/// <param name="link">LINKID of the private endpoint connection.</param>
internal sealed class PrivateLinkEndPoint(IPAddress address, int port, uint link) : IPEndPoint(address, port)
{
    /// <summary>LINKID, as Azure shows it for the private endpoint connection.</summary>
    public uint Link => link;

    public override bool Equals(object? comparand) => comparand is PrivateLinkEndPoint other && other.Link == link && base.Equals(other);

    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), link);

    public override string ToString() => $"{base.ToString()} (Private Link {link})";
}
