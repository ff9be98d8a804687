using Broker.Actors.Routing;

namespace Broker.Actors.Retained;

/// <summary>The retained message of a topic in this node's copy.</summary>
/// <param name="Publication">The message.</param>
/// <param name="Origin">The uid of the node that it was published on; 0: not known, or long ago.</param>
/// <param name="WriteNumber">The number that <see cref="RetainedGateway.Begin"/> of that node gave the write; 0: not known.</param>
internal sealed record RetainedMessage(Publication Publication, int Origin, long WriteNumber);
