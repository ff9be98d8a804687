using Broker.Actors.Clustering.Operations;
using Broker.Actors.Hosting;
using Broker.Actors.Inspection;
using Broker.Node.Logging;
using Broker.Node.Management.Api;
using OpenTelemetry.Metrics;

namespace Broker.Node.Management;

/// <summary>What the endpoints tell of, asked for each request: the process may run one node after another.</summary>
internal sealed record ManagementSources
{
    /// <summary>What <c>/ready</c> answers.</summary>
    public required Func<Readiness> Readiness { get; init; }

    /// <summary>Null: the node has not started.</summary>
    public required Func<ClusterOperations?> Cluster { get; init; }

    /// <summary>Null: the node has not started.</summary>
    public required Func<NodeInspection?> Inspection { get; init; }

    /// <summary>In effect; what is secret is masked.</summary>
    public required Func<IReadOnlyList<SettingRow>> Settings { get; init; }

    /// <summary>The limits that can be changed.</summary>
    public required Func<IReadOnlyList<LimitRow>> Limits { get; init; }

    /// <summary>What the log shows.</summary>
    public required LogLevels LogLevels { get; init; }

    /// <summary>What <c>/metrics</c> answers; null: there is none.</summary>
    public MeterProvider? Metrics { get; init; }
}
