namespace Broker.Protocol.Transport.Limits;

/// <summary>Connections of a node that were ended before they could say CONNECT, by why. Any thread.</summary>
public sealed class TransportRefusals
{
    private long _overAddressLimit;
    private long _badProxyHeaders;

    /// <summary>Their address had as many as <c>mqtt.limits.max-connections-per-address</c> allows.</summary>
    public long OverAddressLimit => Volatile.Read(ref _overAddressLimit);

    /// <summary>They did not begin as <c>mqtt.listeners.NAME.proxy-protocol</c> demands. Those that sent nothing are probes, and not counted.</summary>
    public long BadProxyHeaders => Volatile.Read(ref _badProxyHeaders);

    internal void CountAddress() => Interlocked.Increment(ref _overAddressLimit);

    internal void CountProxyHeader() => Interlocked.Increment(ref _badProxyHeaders);
}
