using System.Net;

namespace Broker.Protocol.Transport;

/// <summary>What a listener speaks below MQTT.</summary>
public enum ListenerType
{
    /// <summary>Plain TCP.</summary>
    Tcp,

    /// <summary>TLS over TCP.</summary>
    Tls,

    /// <summary>WebSocket.</summary>
    Ws,

    /// <summary>WebSocket over TLS.</summary>
    Wss,
}

/// <summary>One listener, <c>mqtt.listeners.NAME</c>.</summary>
public sealed record ListenerOptions
{
    /// <summary>The key under <c>mqtt.listeners</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Follows from the name for tcp, tls, ws and wss; said by others.</summary>
    public required ListenerType Type { get; init; }

    /// <summary>Whether it listens.</summary>
    public bool Enabled { get; init; }

    /// <summary>An IP address or host name; 0.0.0.0 for all IPv4, :: for all addresses.</summary>
    public string Host { get; init; } = "0.0.0.0";

    /// <summary>0 to 65,535; 0 picks a free one.</summary>
    public int Port { get; init; }

    /// <summary>Connections that the kernel holds before they are accepted.</summary>
    public int Backlog { get; init; } = 4096;

    /// <summary>Turns Nagle's algorithm off.</summary>
    public bool TcpNoDelay { get; init; } = true;

    /// <summary>The kernel probes silent connections.</summary>
    public bool TcpKeepAlive { get; init; } = true;

    /// <summary>SO_RCVBUF, bytes; 0: the kernel's choice.</summary>
    public int ReceiveBuffer { get; init; }

    /// <summary>SO_SNDBUF, bytes; 0: the kernel's choice.</summary>
    public int SendBuffer { get; init; }

    /// <summary>Pending bytes above which a connection counts as not writable.</summary>
    public int WriteHighWaterMark { get; init; } = 65_536;

    /// <summary>Pending bytes below which it counts as writable again.</summary>
    public int WriteLowWaterMark { get; init; } = 32_768;

    /// <summary>Connections accepted in a second; 0: no limit.</summary>
    public int MaxConnectionRate { get; init; }

    /// <summary>Whether connections begin with a PROXY header.</summary>
    public ProxyProtocolMode ProxyProtocol { get; init; }

    /// <summary>Where the proxies are whose headers are believed. IPv4 clients of a socket for both families count by their IPv4 address.</summary>
    public IReadOnlyList<IPNetwork> ProxyTrusted { get; init; } = [];

    /// <summary>For <see cref="ListenerType.Tls"/> and <see cref="ListenerType.Wss"/>; otherwise null.</summary>
    public TlsOptions? Tls { get; init; }
}
