using Akka.Actor;
using Akka.Cluster;
using Broker.Actors.Clustering.Wire;

namespace Broker.Actors.Sessions.Guards;

/// <summary>What nodes ask each other when a shard of sessions starts (hard case 2).</summary>
internal static class GuardProtocol
{
    /// <summary>Which client ids of this shard does the node serve?</summary>
    /// <param name="Shard">The shard's id.</param>
    /// <param name="ReplyTo">Who asks.</param>
    internal sealed record Ask(string Shard, IActorRef ReplyTo) : IWireMessage;

    /// <summary>These, and no other that an entity of an earlier home of the shard could still bind.</summary>
    /// <param name="Shard">The shard's id.</param>
    /// <param name="Node">Who answers.</param>
    /// <param name="Registry">Its connection registry.</param>
    /// <param name="Served">Its connections.</param>
    internal sealed record Answer(string Shard, UniqueAddress Node, IActorRef Registry, IReadOnlyList<ServedClient> Served) : IWireMessage;
}

/// <summary>A connection that has its session.</summary>
/// <param name="ClientId">The client id.</param>
/// <param name="Number">The connection's number.</param>
/// <param name="IsDurable">The session outlives it.</param>
internal readonly record struct ServedClient(string ClientId, long Number, bool IsDurable);
