using System.Net.Sockets;

namespace Broker.Node.Hosting;

/// <summary>Tells a mistake of the operator, which gets one line, from a fault of the program, which keeps its stack trace.</summary>
internal static class StartProblem
{
    /// <summary>What to print, or null where the exception is a fault.</summary>
    public static string? Explain(Exception problem) => problem switch
    {
        StartException known => known.Message,
        AggregateException { InnerExceptions: [var only] } => Explain(only),
        _ => null,
    };

    /// <summary>Why an address cannot be listened on, and what to do.</summary>
    /// <param name="block">Of the configuration that names the address, for example <c>mqtt.listeners.tcp</c>.</param>
    /// <param name="address">For people.</param>
    /// <param name="cause">Of the socket.</param>
    public static string Listen(string block, string address, SocketError? cause) => cause switch
    {
        SocketError.AddressAlreadyInUse =>
            $"{block}.port: another program listens on {address} already. Stop it, or choose another port, for example --set {block}.port=0 for any free one.",
        SocketError.AccessDenied =>
            $"{block}.port: this user may not listen on {address}. Choose a port above 1023, or give the program the right (CAP_NET_BIND_SERVICE).",
        SocketError.AddressNotAvailable => $"{block}.host: {address} is no address of this machine.",
        _ => $"{block}: cannot listen on {address}{(cause is null ? "" : $" ({cause})")}.",
    };
}
