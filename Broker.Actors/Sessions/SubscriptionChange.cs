using Broker.Actors.Connections;
using Broker.Actors.Routing;
using Broker.Protocol.Topics;

namespace Broker.Actors.Sessions;

/// <summary>A SUBSCRIBE or UNSUBSCRIBE that waits for its turn.</summary>
/// <param name="Connection">Who asked and is answered: another connection may have taken its place, and use the packet id for something else.</param>
/// <param name="Message">What it asked.</param>
/// <param name="IsAgain">An earlier entity was asked the same, and may have done it.</param>
internal sealed record SubscriptionChange(ConnectionRef Connection, SessionProtocol.FromConnection Message, bool IsAgain = false);

/// <summary>A subscription that a durable session has.</summary>
/// <param name="Filter">The filter.</param>
/// <param name="Options">How to deliver.</param>
internal readonly record struct HeldSubscription(TopicFilter Filter, SubscriptionOptions Options);
