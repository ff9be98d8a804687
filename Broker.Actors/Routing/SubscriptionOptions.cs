using Broker.Protocol.Packets;

namespace Broker.Actors.Routing;

/// <summary>What a subscription says about its deliveries (section 3.8.3.1).</summary>
/// <param name="QoS">The highest QoS granted.</param>
/// <param name="NoLocal">Not the messages that the subscriber itself publishes; means nothing for a shared subscription.</param>
/// <param name="RetainAsPublished">Keep the RETAIN flag as published.</param>
/// <param name="SubscriptionIdentifier">1 to 268,435,455; 0: none.</param>
internal sealed record SubscriptionOptions(
    QualityOfService QoS,
    bool NoLocal = false,
    bool RetainAsPublished = false,
    uint SubscriptionIdentifier = 0);
