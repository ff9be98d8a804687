using System.Net;

namespace Broker.Protocol.Transport.WebSockets;

/// <summary>A feature of a Kestrel connection: the client that a PROXY header named. What HTTP itself shows of it is an address and a port, without the Private Link.</summary>
/// <param name="Address">The client's.</param>
internal sealed record ProxiedClient(EndPoint Address);
