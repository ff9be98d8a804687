using Broker.Actors.Clustering.Membership;
using Broker.Actors.Hosting;
using Broker.Actors.Storage;
using Microsoft.Extensions.Logging;

namespace Broker.Actors.Retained;

/// <summary>What the owners of partitions and this node's copy share.</summary>
internal sealed class RetainedServices
{
    public required RetainedCopy Copy { get; init; }

    public required IStoreWriter Writer { get; init; }

    public required IStoreReader Reader { get; init; }

    public required ClusterMembers Members { get; init; }

    public required CurrentLimits CurrentLimits { get; init; }

    public LimitsOptions Limits => CurrentLimits.Now;

    public required ILogger Logger { get; init; }

    /// <summary>Reads what the database has of a partition beyond this node's copy into the copy, and answers the newest version.</summary>
    /// <exception cref="StorageException">The database does not answer.</exception>
    public async Task<long> Reload(int partition)
    {
        var version = Copy.VersionOf(partition);
        await foreach (var stored in Reader.ReadRetainedAsync(partition, version, CancellationToken.None).ConfigureAwait(false))
        {
            Copy.Apply(stored, Logger);
            version = Math.Max(version, stored.Version);
        }

        return version;
    }
}
