namespace Broker.Actors.Hosting;

/// <summary>How a node finds the others.</summary>
public enum DiscoveryMethod
{
    /// <summary>Not at all: with seed nodes those are asked, without them the node is one by itself.</summary>
    None,

    /// <summary>In the registry, in the database that all share.</summary>
    Sql,

    /// <summary>A host name that resolves to the addresses of all nodes.</summary>
    Dns,

    /// <summary>A list in <c>akka.discovery.config</c>.</summary>
    Config,
}

/// <summary><c>mqtt.cluster</c>.</summary>
public sealed record ClusterOptions
{
    /// <summary>How the other nodes are found where <see cref="SeedNodes"/> are not given.</summary>
    public DiscoveryMethod Discovery { get; init; } = DiscoveryMethod.None;

    /// <summary>The service's name for <see cref="DiscoveryMethod.Dns"/>, a host name, and for <see cref="DiscoveryMethod.Config"/>.</summary>
    public string ServiceName { get; init; } = "mqtt";

    /// <summary><c>akka.cluster.seed-nodes</c>; they win over <see cref="Discovery"/>, and only the first of them forms a cluster.</summary>
    public IReadOnlyList<string> SeedNodes { get; init; } = [];

    /// <summary>Longest that the decision about a split waits for a database that does not answer; then this side gives up.</summary>
    public TimeSpan LeaseWait { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Whether there may be other nodes.</summary>
    public bool IsClustered => Discovery != DiscoveryMethod.None || SeedNodes.Count > 0;
}
