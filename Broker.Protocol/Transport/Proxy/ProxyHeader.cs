using System.Net;

namespace Broker.Protocol.Transport.Proxy;

/// <summary>What a connection begins with.</summary>
/// <param name="Length">Bytes of the header; 0: there is none.</param>
/// <param name="Client">Whom it names; null: nobody, the peer speaks for itself (a proxy's own health check, for example).</param>
internal readonly record struct ProxyHeader(int Length, EndPoint? Client);
