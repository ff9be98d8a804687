namespace Broker.Protocol.Transport;

/// <summary>Whether a connection begins with a PROXY header, by which a load balancer tells who the client is (HAProxy's PROXY protocol, versions 1 and 2).</summary>
public enum ProxyProtocolMode
{
    /// <summary>It does not; the peer is the client.</summary>
    Off,

    /// <summary>It may, where it comes from a trusted proxy.</summary>
    Optional,

    /// <summary>It does, and comes from a trusted proxy.</summary>
    Required,
}
