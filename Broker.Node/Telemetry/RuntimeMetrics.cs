using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;

namespace Broker.Node.Telemetry;

/// <summary>What .NET tells of itself: garbage collection, memory, processor.</summary>
internal static class RuntimeMetrics
{
    /// <summary>.NET's own meter.</summary>
    public const string MeterName = "System.Runtime";

    /// <summary>Those of its instruments that say something of a broker.</summary>
    private static readonly FrozenSet<string> Wanted = FrozenSet.Create(
        "dotnet.gc.collections",
        "dotnet.gc.heap.total_allocated",
        "dotnet.gc.last_collection.heap.size",
        "dotnet.gc.last_collection.memory.committed_size",
        "dotnet.gc.pause.time",
        "dotnet.process.cpu.count",
        "dotnet.process.cpu.time",
        "dotnet.process.memory.working_set");

    /// <summary>A view: everything else of that meter is left out.</summary>
    public static MetricStreamConfiguration? Select(Instrument instrument) =>
        instrument.Meter.Name == MeterName && !Wanted.Contains(instrument.Name) ? MetricStreamConfiguration.Drop : null;
}
