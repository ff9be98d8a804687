namespace Broker.Specs.Cluster.Harness;

/// <summary>
/// One cluster of three for all specs of its collection; each spec asks for it whole. It is made when the first one asks, and anew where an earlier one has left
/// what cannot be mended.
/// </summary>
public abstract class SharedCluster(bool withNetwork) : IAsyncLifetime
{
    private TestCluster? _cluster;

    /// <summary>The cluster, with everything mended that an earlier spec has broken.</summary>
    internal async Task<TestCluster> WholeAsync()
    {
        _cluster ??= await TestCluster.CreateAsync(withNetwork: withNetwork);
        try
        {
            await _cluster.MakeWholeAsync();
            return _cluster;
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (Interlocked.Exchange(ref _cluster, null) is { } cluster)
        {
            await cluster.DisposeAsync();
        }
    }
}

/// <summary>Three nodes on the loopback address.</summary>
public sealed class ClusterFixture() : SharedCluster(withNetwork: false);

/// <summary>Three nodes whose links can be cut; where there is no root, the spec that asks says so.</summary>
public sealed class PartitionFixture() : SharedCluster(withNetwork: true);

/// <summary>By themselves: a busy machine looks like a node that fails.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ClusterCollection : ICollectionFixture<ClusterFixture>
{
    public const string Name = "Cluster";
}

/// <inheritdoc cref="ClusterCollection"/>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class PartitionCollection : ICollectionFixture<PartitionFixture>
{
    public const string Name = "Partitions";
}
