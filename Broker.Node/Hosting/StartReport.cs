using System.Net;
using Broker.Actors.Hosting;
using Broker.Node.Configuration;
using Broker.Protocol.Transport;

namespace Broker.Node.Hosting;

/// <summary>What a node says once it serves: where everything is, and how to try it.</summary>
internal static class StartReport
{
    /// <summary>A line each.</summary>
    /// <param name="options">As configured.</param>
    /// <param name="listeners">As bound.</param>
    /// <param name="node">The actor system's address.</param>
    /// <param name="management">The address of the HTTP endpoints; null where they are off.</param>
    /// <param name="hasTokens">Whether somebody may ask from another machine.</param>
    public static IEnumerable<string> Lines(BrokerOptions options, IReadOnlyList<BoundListener> listeners, string node, Uri? management, bool hasTokens)
    {
        foreach (var listener in listeners)
        {
            yield return $"Listener:    {listener.Options.Name} on {Show(listener.Address)}";
        }

        if (listeners.Count == 0)
        {
            yield return "Listener:    none is enabled (mqtt.listeners)";
        }

        yield return $"Node:        {node}";
        yield return $"Storage:     {Storage(options)}";
        yield return management is null
            ? "Management:  off (mqtt.management.enabled)"
            : $"Management:  {management.GetLeftPart(UriPartial.Authority)} (/alive, /ready, /ha, /metrics, /api/v1)";
        if (management is { IsLoopback: false } && !hasTokens)
        {
            yield return "             from other machines /alive, /ready and /ha alone: there are no mqtt.management.tokens";
        }

        if (HowToTry(listeners) is { } hint)
        {
            yield return $"Try it:      {hint}";
        }
    }

    private static string Storage(BrokerOptions options) => options.Storage.Provider == StorageProvider.Sqlite && options.Storage.ConnectionString.Length == 0
        ? $"sqlite in {options.DataDirectory}"
        : $"{EnumNames.Of(options.Storage.Provider)}; files in {options.DataDirectory}";

    private static string? HowToTry(IReadOnlyList<BoundListener> listeners)
    {
        var listener = listeners.FirstOrDefault(listener => listener.Options.Type == ListenerType.Tcp)
            ?? listeners.FirstOrDefault(listener => listener.Options.Type == ListenerType.Tls);
        if (listener?.Address is not IPEndPoint address)
        {
            return null;
        }

        var host = address.Address.Equals(IPAddress.Any) || address.Address.Equals(IPAddress.IPv6Any) ? "localhost" : $"{address.Address}";
        var where = $"-h {host} -p {address.Port}{(listener.Options.Type == ListenerType.Tls ? " --cafile ca.pem" : "")}";
        return $"mosquitto_sub {where} -t 'hello/#' -v   and, beside it,   mosquitto_pub {where} -t hello/world -m Hi";
    }

    private static string Show(EndPoint address) => address switch
    {
        IPEndPoint { Address.IsIPv4MappedToIPv6: true } mapped => $"{new IPEndPoint(mapped.Address.MapToIPv4(), mapped.Port)}",
        DnsEndPoint name => $"{name.Host}:{name.Port}",
        _ => $"{address}",
    };
}
