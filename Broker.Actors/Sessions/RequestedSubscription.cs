using Broker.Actors.Routing;
using Broker.Protocol.Packets;
using Broker.Protocol.Topics;

namespace Broker.Actors.Sessions;

/// <summary>One filter of a SUBSCRIBE after it has been checked.</summary>
/// <param name="Filter">The filter; null where it is refused.</param>
/// <param name="Options">How to deliver.</param>
/// <param name="RetainHandling">Whether retained messages are sent.</param>
/// <param name="ReasonCode">The granted QoS, or why it is refused.</param>
internal sealed record RequestedSubscription(
    TopicFilter? Filter,
    SubscriptionOptions Options,
    RetainHandling RetainHandling,
    ReasonCode ReasonCode);
