using Broker.Actors.Hosting;
using Broker.Protocol.Transport;

namespace Broker.Node.Configuration;

/// <summary>From layers to typed options.</summary>
internal static class NodeSettings
{
    /// <summary>Reads and checks everything.</summary>
    /// <param name="configuration">All layers.</param>
    /// <param name="version">Of the program.</param>
    /// <exception cref="InvalidConfigurationException">With all that is wrong.</exception>
    public static NodeOptions Read(LayeredConfiguration configuration, string version)
    {
        var findings = new Findings();
        var options = Read(configuration, findings, version);
        UnknownKeys.Check(configuration, findings);
        return findings.Problems.Count == 0 ? options : throw new InvalidConfigurationException(findings.Problems);
    }

    /// <summary>Reads everything, and notes what is wrong.</summary>
    internal static NodeOptions Read(LayeredConfiguration configuration, Findings findings, string version)
    {
        var mqtt = new SettingReader(configuration, findings, "mqtt");
        var defaults = new BrokerOptions();
        var listeners = ListenerSettings.Read(mqtt.Section("listeners"));
        var storage = StorageSettings.Read(mqtt.Section("storage"));
        var limits = LimitsSettings.Read(mqtt.Section("limits"));
        return new NodeOptions
        {
            Broker = new BrokerOptions
            {
                Version = version,
                Listeners = listeners,
                Transport = new TransportOptions
                {
                    Transport = mqtt.Choice("transport", defaults.Transport.Transport),
                    EventLoops = mqtt.Number("event-loops", 0, 0, 1_024),
                    ConnectPacketSize = limits.ConnectPacketSize,
                    ConnectTimeout = limits.ConnectTimeout,
                    MaxConnections = limits.MaxConnections,
                    MaxConnectionsPerAddress = limits.MaxConnectionsPerAddress,
                },
                Limits = limits,
                Storage = storage,
                Cluster = ClusterSettings.Read(mqtt.Section("cluster"), configuration, storage, limits, findings),
                Security = SecuritySettings.Read(mqtt.Section("security"), listeners),
                Bans = BanSettings.Read(mqtt.Section("bans")),
                Drain = DrainSettings.Read(mqtt.Section("drain")),
                Redirect = RedirectSettings.Read(mqtt.Section("redirect")),
                SysInterval = mqtt.Duration("sys-interval", defaults.SysInterval, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1), orZero: true),
                DataDirectory = ReadDataDirectory(mqtt),
            },
            Management = ManagementSettings.Read(mqtt.Section("management"), listeners),
            LoadBalancer = LoadBalancerSettings.Read(mqtt.Section("load-balancer")),
            Azure = AzureSettings.Read(mqtt.Section("azure")),
            Telemetry = TelemetrySettings.Read(mqtt.Section("telemetry")),
            Logging = LoggingSettings.Read(mqtt.Section("logging")),
        };
    }

    private static string ReadDataDirectory(SettingReader mqtt)
    {
        var folder = mqtt.Text("data-directory", "data");
        if (folder.Length > 0 && !folder.Contains('\0'))
        {
            return Path.GetFullPath(folder);
        }

        mqtt.Problem("data-directory", "must name a directory.");
        return Path.GetFullPath("data");
    }
}
