using System.Net;
using Broker.Actors.Hosting;
using Microsoft.Extensions.Logging;

namespace Broker.Actors.Security;

/// <summary>What an operator should know about who may connect, once the listeners are open.</summary>
internal static partial class StartWarning
{
    /// <summary>Logs it, where there is something.</summary>
    public static void Log(SecurityOptions options, IReadOnlyList<BoundListener> listeners, ILogger logger)
    {
        if (Find(options, listeners) is { } warning)
        {
            LogWarning(logger, warning);
        }
    }

    /// <summary>Null: nothing.</summary>
    internal static string? Find(SecurityOptions options, IReadOnlyList<BoundListener> listeners)
    {
        if (!options.AllowAnonymous)
        {
            return options.Authentication.Count > 0 ? null
                : "Nobody may connect: mqtt.security.allow-anonymous is off, and mqtt.security.authentication is empty. Name there who knows clients";
        }

        var open = listeners.Where(static listener => !IsLoopback(listener.Address)).Select(static listener => listener.Options.Name).ToArray();
        return open.Length == 0 ? null
            : $"Whoever reaches the listener {string.Join(", ", open)} may connect without a user name: set mqtt.security.allow-anonymous = off and say in mqtt.security.authentication "
                + "who knows clients, or listen on 127.0.0.1 alone";
    }

    private static bool IsLoopback(EndPoint address) =>
        address is IPEndPoint ip && IPAddress.IsLoopback(ip.Address.IsIPv4MappedToIPv6 ? ip.Address.MapToIPv4() : ip.Address);

    [LoggerMessage(LogLevel.Warning, "{Warning}")]
    private static partial void LogWarning(ILogger logger, string warning);
}
