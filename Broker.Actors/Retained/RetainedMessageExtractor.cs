using Akka.Cluster.Sharding;
using Akka.Util;

namespace Broker.Actors.Retained;

/// <summary>The entity of a retained topic is its partition, chosen by a hash that is the same on every node.</summary>
internal sealed class RetainedMessageExtractor() : HashCodeMessageExtractor(Partitions)
{
    /// <summary>Partitions, each with one owner.</summary>
    public const int Partitions = 64;

    private static readonly string[] Names = [.. Enumerable.Range(0, Partitions).Select(partition => $"partition-{partition}")];

    /// <summary>The partition of an entity id.</summary>
    public static int PartitionOf(string entityId) => Array.IndexOf(Names, entityId);

    /// <summary>The partition of a topic, the same on every node.</summary>
    public static int PartitionOfTopic(string topic) => (int)((uint)MurmurHash.StringHash(topic) % Partitions);

    /// <inheritdoc/>
    public override string? EntityId(object message) => message switch
    {
        RetainedProtocol.Batch batch when (uint)batch.Partition < Partitions => Names[batch.Partition],
        RetainedProtocol.Ping => Names[0],
        _ => null,
    };

    /// <inheritdoc/>
    public override object EntityMessage(object message) => message;
}
