using System.Net.Sockets;

namespace Broker.Protocol.Transport;

/// <summary>Says what keeps a listener from its address, in the operator's terms.</summary>
internal static class BindFailure
{
    public static ListenerException Explain(ListenerOptions options, Exception exception)
    {
        string host = $"mqtt.listeners.{options.Name}.host = \"{options.Host}\"";
        string port = $"mqtt.listeners.{options.Name}.port = {options.Port}";
        string message = (exception as SocketException)?.SocketErrorCode switch
        {
            SocketError.AddressAlreadyInUse =>
                $"{port}: another process listens on {options.Host}:{options.Port} already. Stop it, or set another port (0 picks a free one).",
            SocketError.AccessDenied =>
                $"{port}: this user may not open the port. Ports below 1024 mostly need root or CAP_NET_BIND_SERVICE; set a higher one or grant the right.",
            SocketError.AddressNotAvailable =>
                $"{host}: no network interface of this machine has the address. Use 0.0.0.0 for all IPv4 addresses or :: for all.",
            SocketError.AddressFamilyNotSupported =>
                $"{host}: this machine does not have IPv6. Use 0.0.0.0 for all IPv4 addresses.",
            SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData or SocketError.NoRecovery =>
                $"{host}: the name does not resolve to an address. Use an IP address of this machine, 0.0.0.0 or ::.",
            _ => $"{port}, {host}: the listener cannot be opened: {exception.Message}",
        };
        return new ListenerException(message, exception);
    }
}
