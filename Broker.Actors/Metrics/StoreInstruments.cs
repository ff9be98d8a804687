using System.Diagnostics.Metrics;
using Broker.Actors.Hosting;
using Broker.Actors.Storage;

namespace Broker.Actors.Metrics;

/// <summary>How the database keeps up.</summary>
internal static class StoreInstruments
{
    private static readonly InstrumentAdvice<double> CommitTimes = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };

    private static readonly InstrumentAdvice<long> GroupSizes = new() { HistogramBucketBoundaries = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000] };

    /// <summary>What is called with each commit: the number of its writes, and how long it took.</summary>
    public static Action<int, TimeSpan> CreateForCommits(Meter meter)
    {
        var writes = meter.CreateHistogram("mqtt.store.group.writes", "{write}", "Writes that were committed together.", tags: null, GroupSizes);
        var duration = meter.CreateHistogram("mqtt.store.commit.duration", "s", "Seconds that the database took for a group.", tags: null, CommitTimes);
        return (count, elapsed) =>
        {
            writes.Record(count);
            duration.Record(elapsed.TotalSeconds);
        };
    }

    public static void Create(Meter meter, IStoreWriter writer, StoreClock clock, DiskGuard? disk)
    {
        meter.CreateObservableGauge("mqtt.store.up", () => writer.Health.IsUp ? 1L : 0L, unit: null, "1 where the database takes writes.");
        meter.CreateObservableUpDownCounter("mqtt.store.backlog", () => writer.Backlog.Waiting, "By", "Bytes of writes that are not committed.");
        meter.CreateObservableGauge("mqtt.clock.offset", () => clock.Offset.TotalSeconds, "s", "What the database's clock is ahead of the node's.");
        if (disk is not null)
        {
            meter.CreateObservableGauge("mqtt.store.free", () => disk.Free, "By", "Bytes that are free on the database's disk.");
        }
    }
}
