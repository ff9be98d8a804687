using Broker.Actors.Routing;

namespace Broker.Actors.Clustering.Links;

/// <summary>What one round of an event loop has for another node.</summary>
/// <param name="Content">Its bytes, see <see cref="LinkItemCodec"/>.</param>
/// <param name="Count">Publications in them.</param>
/// <param name="Pending">The publishes that wait until the other node has taken them.</param>
/// <param name="Picks">Those for one member of a shared group above QoS 0, in the order of the bytes; they wait too.</param>
internal sealed record LinkLoad(byte[] Content, int Count, PendingPublish[] Pending, SharedPick[] Picks);
