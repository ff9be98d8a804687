using System.Net;
using System.Net.Sockets;
using Akka.Discovery;

namespace Broker.Actors.Clustering.Membership;

/// <summary><c>akka.discovery.mqtt-dns</c>: a host name that has the addresses of all nodes, as a headless service of Kubernetes does.</summary>
internal sealed class DnsDiscovery : ServiceDiscovery
{
    /// <inheritdoc/>
    public override async Task<Resolved> Lookup(Lookup lookup, TimeSpan resolveTimeout)
    {
        using var timeout = new CancellationTokenSource(resolveTimeout);
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(lookup.ServiceName, timeout.Token).ConfigureAwait(false);
            return new Resolved(lookup.ServiceName, addresses.Select(address => new ResolvedTarget(address.ToString(), null, address)));
        }
        catch (SocketException unknown) when (unknown.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData)
        {
            // Until the first node is ready a service may have no name.
            return new Resolved(lookup.ServiceName);
        }
    }
}
