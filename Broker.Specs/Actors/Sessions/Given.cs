using Broker.Actors.Routing;
using Broker.Actors.Sessions;
using Broker.Protocol.Packets;
using Broker.Specs.Actors.Routing;

namespace Broker.Specs.Actors.Sessions;

internal static class Given
{
    /// <summary>A filter of a SUBSCRIBE that has passed the checks.</summary>
    public static RequestedSubscription Subscription(
        string filter,
        QualityOfService qos = QualityOfService.ExactlyOnce,
        RetainHandling retainHandling = RetainHandling.SendAtSubscribe,
        uint identifier = 0) =>
        new(Filters.Of(filter), new SubscriptionOptions(qos, SubscriptionIdentifier: identifier), retainHandling, (ReasonCode)qos);
}
