using System.Net;
using Broker.Node.Management;
using Broker.Protocol.Transport;

namespace Broker.Node.Configuration;

/// <summary><c>mqtt.management</c>.</summary>
internal static class ManagementSettings
{
    public static ManagementOptions Read(SettingReader management, IReadOnlyList<ListenerOptions> listeners)
    {
        var defaults = new ManagementOptions();
        var options = new ManagementOptions
        {
            Enabled = management.Flag("enabled", defaults.Enabled),
            Host = management.Text("host", defaults.Host),
            Port = management.Number("port", defaults.Port, 0, 65_535),
        };

        if (options.Host != "localhost" && !IPAddress.TryParse(options.Host, out _))
        {
            management.Problem("host", "must be an IP address or localhost.");
        }

        var taken = listeners.FirstOrDefault(listener => listener.Enabled && listener.Port == options.Port
            && ListenerSettings.SharesAddress(listener.Host, options.Host));
        if (options is { Enabled: true, Port: > 0 } && taken is not null)
        {
            management.Problem("port", $"the listener {taken.Name} has the same; each needs its own.");
        }

        return options;
    }
}
