using Broker.Actors.Connections;
using Broker.Actors.Routing;
using Broker.Actors.Security;
using Broker.Actors.Sessions;
using Broker.Protocol.Packets;

namespace Broker.Actors.Retained;

/// <summary>
/// The retained messages that a SUBSCRIBE is owed. It is made after the routes are in the tree, and read once this node's copy has
/// every write that was matched before that.
/// </summary>
/// <param name="subscriptions">Those whose retained messages are sent.</param>
/// <param name="barriers">Which writes were, or may have been, matched before the routes were there.</param>
internal sealed class RetainedRequest(IReadOnlyList<RequestedSubscription> subscriptions, RetainedBarriers barriers)
{
    public RetainedBarriers Barriers { get; } = barriers;

    /// <summary>Whether this subscription gets retained messages (section 3.8.3.1); shared ones never do.</summary>
    public static bool IsOwed(RequestedSubscription subscription, bool isNew) =>
        !subscription.Filter!.IsShared
        && (subscription.RetainHandling == RetainHandling.SendAtSubscribe || (subscription.RetainHandling == RetainHandling.SendIfNew && isNew));

    /// <summary>
    /// Reads: one delivery for each matching filter and topic, but not what the subscriber gets live because it was
    /// matched after its routes were there.
    /// </summary>
    public List<Delivery> Read(RetainedCopy copy, RetainedGateway gateway, AccessControl access, long now)
    {
        var deliveries = new List<Delivery>();
        var found = new List<RetainedMessage>();
        foreach (var subscription in subscriptions)
        {
            found.Clear();
            copy.Collect(subscription.Filter!.Filter, found);
            foreach (var message in found)
            {
                // Read again behind the question: a write that was on its way when the copy was first read may have arrived in between.
                var topic = message.Publication.Topic;
                if (gateway.IsBeingWritten(topic, Barriers)
                    || copy.Get(topic) is not { } current || Barriers.IsPassedBy(current.Origin, current.WriteNumber) || current.Publication.IsExpired(now)
                    || !access.Anyone.MayReceive(topic))
                {
                    continue;
                }

                var publication = current.Publication;

                var options = subscription.Options;
                var qos = options.QoS < publication.QoS ? options.QoS : publication.QoS;
                deliveries.Add(new Delivery(publication, qos, Retain: true, Identifiers(options)));
            }
        }

        return deliveries;
    }

    private static uint[]? Identifiers(SubscriptionOptions options) =>
        options.SubscriptionIdentifier == 0 ? null : [options.SubscriptionIdentifier];
}
