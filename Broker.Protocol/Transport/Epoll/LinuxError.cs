using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Broker.Protocol.Transport.Epoll;

/// <summary>Error numbers of Linux, the same on x64 and arm64, and what they are to .NET.</summary>
internal static class LinuxError
{
    public const int Interrupted = 4;
    public const int TryAgain = 11;
    public const int OutOfMemory = 12;
    public const int TooManyFilesInSystem = 23;
    public const int TooManyFiles = 24;
    public const int BrokenPipe = 32;
    public const int NoBuffers = 105;

    /// <summary>What the last call that failed said.</summary>
    public static int Last => Marshal.GetLastPInvokeError();

    /// <summary>What accept fails with until others have closed something: to try again at once would spin.</summary>
    public static bool IsShortage(int error) => error is TooManyFiles or TooManyFilesInSystem or NoBuffers or OutOfMemory;

    /// <summary>The exception that .NET's own sockets throw for it.</summary>
    public static SocketException ToException(int error) => Code(error) is { } code
        ? new SocketException((int)code)
        : new SocketException((int)SocketError.SocketError, $"{Describe(error)} (error {error})");

    /// <summary>In the system's words.</summary>
    public static string Describe(int error) => Marshal.GetPInvokeErrorMessage(error);

    private static SocketError? Code(int error) => error switch
    {
        TooManyFiles or TooManyFilesInSystem => SocketError.TooManyOpenSockets,
        BrokenPipe => SocketError.Shutdown,
        100 => SocketError.NetworkDown,
        101 => SocketError.NetworkUnreachable,
        102 => SocketError.NetworkReset,
        103 => SocketError.ConnectionAborted,
        104 => SocketError.ConnectionReset,
        NoBuffers => SocketError.NoBufferSpaceAvailable,
        107 => SocketError.NotConnected,
        110 => SocketError.TimedOut,
        111 => SocketError.ConnectionRefused,
        112 => SocketError.HostDown,
        113 => SocketError.HostUnreachable,
        _ => null,
    };
}
