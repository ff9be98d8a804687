using Broker.Protocol.Transport;

namespace Broker.Actors.Hosting;

/// <summary>Everything a node is told, from HOCON's <c>mqtt</c> block.</summary>
public sealed record BrokerOptions
{
    /// <summary>Of the program, as in <c>$SYS/broker/version</c>.</summary>
    public string Version { get; init; } = "0.0.0";

    /// <summary>That the program was built from; empty: not known.</summary>
    public string Commit { get; init; } = "";

    /// <summary>All configured listeners, the disabled ones too.</summary>
    public IReadOnlyList<ListenerOptions> Listeners { get; init; } = [];

    /// <summary><c>mqtt.transport</c>.</summary>
    public TransportOptions Transport { get; init; } = new();

    /// <summary><c>mqtt.limits</c>.</summary>
    public LimitsOptions Limits { get; init; } = new();

    /// <summary><c>mqtt.storage</c>.</summary>
    public StorageOptions Storage { get; init; } = new();

    /// <summary><c>mqtt.cluster</c>.</summary>
    public ClusterOptions Cluster { get; init; } = new();

    /// <summary><c>mqtt.security</c>.</summary>
    public SecurityOptions Security { get; init; } = new();

    /// <summary><c>mqtt.bans</c>.</summary>
    public BanOptions Bans { get; init; } = new();

    /// <summary><c>mqtt.drain</c>.</summary>
    public DrainOptions Drain { get; init; } = new();

    /// <summary><c>mqtt.redirect</c>.</summary>
    public RedirectOptions Redirect { get; init; } = new();

    /// <summary><c>mqtt.sys-interval</c>: how often <c>$SYS</c> totals are published; zero: never.</summary>
    public TimeSpan SysInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary><c>mqtt.data-directory</c>, absolute.</summary>
    public string DataDirectory { get; init; } = Path.GetFullPath("data");
}
