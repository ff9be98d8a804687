using Broker.Actors.Clustering.Operations;
using Broker.Actors.Hosting;
using OpenTelemetry.Metrics;

namespace Broker.Node.Management;

/// <summary>What the endpoints tell of, asked for each request: the process may run one node after another.</summary>
internal sealed record ManagementSources
{
    /// <summary>What <c>/ready</c> answers.</summary>
    public required Func<Readiness> Readiness { get; init; }

    /// <summary>Null: the node has not started.</summary>
    public required Func<ClusterOperations?> Cluster { get; init; }

    /// <summary>What <c>/metrics</c> answers; null: there is none.</summary>
    public MeterProvider? Metrics { get; init; }
}
