using Broker.Actors.Routing;

namespace Broker.Actors.Retained;

/// <summary>The retained message of a topic in this node's copy.</summary>
/// <param name="Publication">The message.</param>
/// <param name="WriteNumber">The number that <see cref="RetainedGateway.Begin"/> gave the write on this node; 0 where it came from elsewhere.</param>
internal sealed record RetainedMessage(Publication Publication, long WriteNumber);
