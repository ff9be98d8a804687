using Broker.Actors.Routing;

namespace Broker.Actors.Storage;

/// <summary>A subscription of a durable session.</summary>
/// <param name="Session">The key of the session whose it is.</param>
/// <param name="ClientId">Its client id.</param>
/// <param name="Filter">As the client wrote it.</param>
/// <param name="Options">Its options.</param>
internal sealed record StoredRoute(long Session, string ClientId, string Filter, SubscriptionOptions Options);
