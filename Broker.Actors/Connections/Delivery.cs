using Broker.Actors.Routing;
using Broker.Protocol.Packets;

namespace Broker.Actors.Connections;

/// <summary>A message on its way to one connection.</summary>
/// <param name="Publication">The message.</param>
/// <param name="QoS">Effective QoS.</param>
/// <param name="Retain">RETAIN flag as this subscriber gets it.</param>
/// <param name="SubscriptionIdentifiers">Of the subscriptions that caused it, or null.</param>
/// <param name="Shareable">Others get the same frame, so that encoding it once pays.</param>
internal readonly record struct Delivery(
    Publication Publication,
    QualityOfService QoS,
    bool Retain,
    uint[]? SubscriptionIdentifiers,
    bool Shareable = false);
