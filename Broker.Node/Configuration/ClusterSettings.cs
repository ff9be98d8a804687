using Akka.Actor;
using Broker.Actors.Hosting;

namespace Broker.Node.Configuration;

/// <summary><c>mqtt.cluster</c>, and Akka's seed nodes.</summary>
internal static class ClusterSettings
{
    private const string SeedNodesKey = "akka.cluster.seed-nodes";
    private const string FrameSizeKey = "akka.remote.dot-netty.tcp.maximum-frame-size";

    /// <summary>What a message between nodes has beside the packet in it, and more.</summary>
    private const int FrameOverhead = 64 * 1024;

    public static ClusterOptions Read(
        SettingReader cluster, LayeredConfiguration configuration, StorageOptions storage, LimitsOptions limits, Findings findings)
    {
        var defaults = new ClusterOptions();
        var options = new ClusterOptions
        {
            Discovery = cluster.Choice("discovery", defaults.Discovery),
            ServiceName = cluster.Text("service-name", defaults.ServiceName),
            LeaseWait = cluster.Duration("lease-wait", defaults.LeaseWait, TimeSpan.FromSeconds(5), TimeSpan.FromHours(1)),
            SeedNodes = SeedNodes(configuration, findings),
        };

        if (options.Discovery is DiscoveryMethod.Dns or DiscoveryMethod.Config && options.ServiceName.Length == 0)
        {
            cluster.Problem("service-name", "must name what is looked for.");
        }

        if (options.IsClustered && storage.Provider == StorageProvider.Sqlite)
        {
            findings.Add(
                "mqtt.storage.provider",
                configuration.Find("mqtt.storage.provider"),
                $"a cluster needs a database that all nodes share: postgresql, mysql or sqlserver, and mqtt.storage.connection-string. "
                + $"(For one node by itself leave {(options.SeedNodes.Count > 0 ? SeedNodesKey + " empty" : cluster.Key("discovery") + " = none")}.)");
        }

        // Akka would drop a larger message between nodes, again and again.
        if (options.IsClustered && configuration.Effective.GetByteSize(FrameSizeKey) is { } frame && frame < limits.MaxPacketSize + FrameOverhead)
        {
            findings.Add(
                FrameSizeKey,
                configuration.Find(FrameSizeKey),
                $"a message between nodes must hold a packet of mqtt.limits.max-packet-size ({limits.MaxPacketSize} bytes) and {FrameOverhead} bytes: "
                + $"at least {limits.MaxPacketSize + FrameOverhead}.");
        }

        return options;
    }

    private static IReadOnlyList<string> SeedNodes(LayeredConfiguration configuration, Findings findings)
    {
        var nodes = configuration.Effective.GetStringList(SeedNodesKey, []);
        foreach (var node in nodes)
        {
            if (!Address.TryParse(node, out _))
            {
                findings.Add(SeedNodesKey, configuration.Find(SeedNodesKey), $"\"{node}\" is no address; they look like akka.tcp://{BrokerServices.ActorSystemName}@10.0.0.4:4053.");
            }
        }

        return [.. nodes];
    }
}
