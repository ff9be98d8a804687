using Akka.Cluster.Sharding;

namespace Broker.Actors.Sessions;

/// <summary>The entity of a message is its client id; the number of shards can never change in a running cluster.</summary>
internal sealed class SessionMessageExtractor() : HashCodeMessageExtractor(ShardCount)
{
    /// <summary>For up to a dozen nodes, about ten shards each.</summary>
    public const int ShardCount = 128;

    /// <inheritdoc/>
    public override string? EntityId(object message) => (message as ISessionMessage)?.ClientId;

    /// <inheritdoc/>
    public override object EntityMessage(object message) => message;
}
