using Akka.Actor;
using Akka.Cluster.Sharding;

namespace Broker.Actors.Metrics;

/// <summary>
/// What the shard regions of this node say they have. They are asked from time to time, since a listener cannot wait for an answer. Any thread.
/// </summary>
internal sealed class ShardCensus : IDisposable
{
    /// <summary>How old an answer may be, roughly.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly ActorSystem _system;
    private readonly ITimer _timer;
    private volatile RegionCount[] _regions;

    public ShardCensus(ActorSystem system, TimeProvider time)
    {
        _system = system;
        _regions = [.. ClusterSharding.Get(system).ShardTypeNames.Select(static name => new RegionCount(name, 0, 0))];
        _timer = time.CreateTimer(_ => _ = AskAsync(), null, TimeSpan.Zero, Interval);
    }

    /// <summary>As they last answered.</summary>
    public IReadOnlyList<RegionCount> Regions => _regions;

    public void Dispose() => _timer.Dispose();

    private async Task AskAsync()
    {
        var sharding = ClusterSharding.Get(_system);
        var regions = new List<RegionCount>();
        foreach (var last in _regions)
        {
            regions.Add(await CountAsync(sharding.ShardRegion(last.Name), last).ConfigureAwait(false));
        }

        _regions = [.. regions];
    }

    /// <summary>Where there is no answer, what was known is as good.</summary>
    private static async Task<RegionCount> CountAsync(IActorRef region, RegionCount last)
    {
        try
        {
            var stats = await region.Ask<ShardRegionStats>(GetShardRegionStats.Instance, Patience).ConfigureAwait(false);
            return new RegionCount(last.Name, stats.Stats.Count, stats.Stats.Values.Sum());
        }
        catch (Exception silent) when (silent is AskTimeoutException or TaskCanceledException)
        {
            return last;
        }
    }

    /// <summary>A region's part on this node.</summary>
    /// <param name="Name">Of the region.</param>
    /// <param name="Shards">On this node.</param>
    /// <param name="Entities">In them.</param>
    internal readonly record struct RegionCount(string Name, int Shards, int Entities);
}
