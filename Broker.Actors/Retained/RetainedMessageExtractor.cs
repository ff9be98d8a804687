using Akka.Cluster.Sharding;
using Akka.Util;

namespace Broker.Actors.Retained;

/// <summary>The entity of a retained topic is its partition, chosen by a hash that is the same on every node.</summary>
internal sealed class RetainedMessageExtractor() : HashCodeMessageExtractor(Partitions)
{
    /// <summary>Partitions, each with one owner.</summary>
    public const int Partitions = 64;

    private static readonly string[] Names = [.. Enumerable.Range(0, Partitions).Select(partition => $"partition-{partition}")];

    /// <inheritdoc/>
    public override string? EntityId(object message) => message switch
    {
        RetainedActor.Set set => Names[(uint)MurmurHash.StringHash(set.Publication.Topic) % Partitions],
        RetainedActor.Ping => Names[0],
        _ => null,
    };

    /// <inheritdoc/>
    public override object EntityMessage(object message) => message;
}
