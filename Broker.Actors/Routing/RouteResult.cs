using Broker.Protocol.Packets;

namespace Broker.Actors.Routing;

/// <summary>What <see cref="MessageRouter"/> did.</summary>
/// <param name="Pending">What the acknowledgement waits for; null where it is due at once.</param>
/// <param name="ReasonCode">What it says then.</param>
/// <param name="NeedsStore">The message waits for the database, whether or not its publisher waits for the message.</param>
internal readonly record struct RouteResult(PendingPublish? Pending, ReasonCode ReasonCode, bool NeedsStore = false);
