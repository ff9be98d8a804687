using Broker.Actors.Routing;

namespace Broker.Actors.Storage;

/// <summary>A topic's retained message, or the tombstone of one.</summary>
/// <param name="Partition">Of the topic.</param>
/// <param name="Version">Grows within the partition.</param>
/// <param name="Topic">The topic.</param>
/// <param name="Publication">Null: there is none any more.</param>
/// <param name="Problem">Why the message cannot be read, for the log; null: it can.</param>
internal sealed record StoredRetained(int Partition, long Version, string Topic, Publication? Publication, string? Problem = null);
