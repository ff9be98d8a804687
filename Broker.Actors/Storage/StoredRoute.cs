using Broker.Actors.Routing;

namespace Broker.Actors.Storage;

/// <summary>A subscription of a durable session.</summary>
/// <param name="ClientId">Whose.</param>
/// <param name="Filter">As the client wrote it.</param>
/// <param name="Options">Its options.</param>
internal sealed record StoredRoute(string ClientId, string Filter, SubscriptionOptions Options);
