using System.Runtime.InteropServices;

namespace Broker.Protocol.Transport;

/// <summary>How connections meet the kernel.</summary>
public enum TransportKind
{
    /// <summary><see cref="Epoll"/> where it works, otherwise <see cref="Sockets"/>.</summary>
    Auto,

    /// <summary>Event loops that wait in epoll. Linux on x64 or arm64.</summary>
    Epoll,

    /// <summary>.NET's sockets, on every system.</summary>
    Sockets,
}

/// <summary>What all listeners of a node share.</summary>
public sealed record TransportOptions
{
    /// <summary>How connections meet the kernel.</summary>
    public TransportKind Transport { get; init; }

    /// <summary>The one in effect; docs/decisions/0010 says what it is for.</summary>
    public TransportKind EffectiveTransport => Transport switch
    {
        TransportKind.Auto => IsEpollSupported ? TransportKind.Epoll : TransportKind.Sockets,
        _ => Transport,
    };

    /// <summary>Event loops; 0: one for every two cores.</summary>
    public int EventLoops { get; init; }

    /// <summary>The number in effect; docs/decisions/0001 says why not one for each core.</summary>
    public int EffectiveEventLoops => EventLoops > 0 ? EventLoops : Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>Bytes of the largest packet before CONNECT has been accepted.</summary>
    public int ConnectPacketSize { get; init; } = 65_536;

    /// <summary>How long a PROXY header may take to come.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many HTTP connections that are not WebSockets a listener has at most; 0: no limit. How many connections there may be is the handlers' business.</summary>
    public int MaxConnections { get; init; }

    /// <summary>Connections of one address, or /64 of IPv6, on all listeners; 0: no limit.</summary>
    public int MaxConnectionsPerAddress { get; init; }

    /// <summary>Whether <see cref="TransportKind.Epoll"/> works here: its error numbers and layouts are those of these two.</summary>
    internal static bool IsEpollSupported =>
        OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64;
}
