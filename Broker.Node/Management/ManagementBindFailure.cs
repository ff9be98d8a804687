using System.Net.Sockets;
using Broker.Node.Hosting;
using Microsoft.AspNetCore.Connections;

namespace Broker.Node.Management;

/// <summary>Says what keeps the endpoints from their address, in the operator's terms.</summary>
internal static class ManagementBindFailure
{
    public static StartException Explain(ManagementOptions options, Exception exception)
    {
        var host = $"mqtt.management.host = \"{options.Host}\"";
        var port = $"mqtt.management.port = {options.Port}";

        // Kestrel has a type of its own for a port in use, inside of an IOException, and lets other socket errors through.
        var error = exception.InnerException is AddressInUseException
            ? SocketError.AddressAlreadyInUse
            : (exception.GetBaseException() as SocketException)?.SocketErrorCode;
        var message = error switch
        {
            SocketError.AddressAlreadyInUse =>
                $"{port}: another process listens on {options.Host}:{options.Port} already. Stop it, or set another port (0 picks a free one).",
            SocketError.AccessDenied => $"{port}: this user may not open the port. Set one above 1023.",
            SocketError.AddressNotAvailable =>
                $"{host}: no network interface of this machine has the address. Use 127.0.0.1, or 0.0.0.0 for all IPv4 addresses.",
            SocketError.AddressFamilyNotSupported => $"{host}: this machine does not have IPv6. Use 127.0.0.1 or 0.0.0.0.",
            _ => $"{port}, {host}: cannot be listened on: {exception.Message}",
        };
        return new StartException(message, exception);
    }
}
