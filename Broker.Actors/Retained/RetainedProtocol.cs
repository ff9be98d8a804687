using Akka.Actor;
using Broker.Actors.Clustering.Wire;
using Broker.Actors.Routing;
using Broker.Actors.Sessions;

namespace Broker.Actors.Retained;

/// <summary>What nodes, owners of partitions and copies tell each other about retained messages.</summary>
internal static class RetainedProtocol
{
    /// <summary>
    /// To a partition's owner: make these the retained messages of their topics, in order. One batch of a node is under way at a time, and repeated until
    /// <see cref="Answered"/>: whatever is lost or whoever dies in between, the order stays.
    /// </summary>
    /// <param name="Partition">0 and up.</param>
    /// <param name="Origin">The uid of the sending node.</param>
    /// <param name="Number">Grows with each batch of the node.</param>
    /// <param name="Writes">At least one.</param>
    /// <param name="ReplyTo">The node's <see cref="RetainedOutbox"/>.</param>
    internal sealed record Batch(int Partition, int Origin, long Number, IReadOnlyList<Write> Writes, IActorRef ReplyTo) : IWireMessage;

    /// <param name="Number">As <see cref="RetainedGateway.Begin"/> gave it.</param>
    /// <param name="Publication">An empty payload removes.</param>
    internal readonly record struct Write(long Number, Publication Publication);

    /// <summary>Every copy has the batch's writes, or they were refused.</summary>
    internal sealed record Answered(int Partition, long Number, IReadOnlyList<DeliveryOutcome> Outcomes) : IWireMessage;

    /// <summary>From an owner to the copies of the other nodes. One that has not everything before it reads that from the database.</summary>
    /// <param name="Partition">0 and up.</param>
    /// <param name="Version">Grows within the partition.</param>
    /// <param name="Origin">As in the batch.</param>
    /// <param name="WriteNumber">As in the batch.</param>
    /// <param name="Publication">Null: only says how far the partition is.</param>
    /// <param name="Owner">Whom to answer with <see cref="Passed"/>.</param>
    internal sealed record Change(int Partition, long Version, int Origin, long WriteNumber, Publication? Publication, IActorRef Owner) : IWireMessage;

    /// <summary>The copy of this node has everything up to here.</summary>
    internal sealed record Passed(int Partition, long Version, int Node) : IWireMessage;

    /// <summary>To the node that numbered them: answer with <see cref="AllApplied"/> once every copy has its writes up to this number.</summary>
    internal sealed record WhenApplied(long Barrier, long Question, IActorRef ReplyTo) : IWireMessage;

    /// <summary>They do.</summary>
    internal sealed record AllApplied(long Question) : IWireMessage;

    /// <summary>Is the owner of the first partition there?</summary>
    internal sealed record Ping(IActorRef ReplyTo) : IWireMessage;

    /// <summary>It is.</summary>
    internal sealed record Pong : IWireMessage;
}
