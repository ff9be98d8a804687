using Broker.Actors.Routing;

namespace Broker.Actors.Clustering.Routes;

/// <summary>Everything that other nodes must know of this one's routes at a moment, apart from the durable ones, which are in the table.</summary>
internal static class RouteSnapshot
{
    /// <summary>The caller keeps writers away.</summary>
    public static List<RouteChange> Take(SubscriptionTree tree, DurableSubscribers durable)
    {
        var changes = new List<RouteChange>();
        tree.Visit((filter, content) => Add(changes, filter, content));
        foreach (var subscriber in durable.All)
        {
            if (subscriber.Connection is { } connection)
            {
                changes.Add(new RouteChange.ClientConnected(subscriber.ClientId, connection.Number));
            }
        }

        return changes;
    }

    private static void Add(List<RouteChange> changes, string filter, object content)
    {
        if (content is Recipient { Subscriber.IsLive: true } or SubscriberSet { HasLive: true })
        {
            changes.Add(new RouteChange.FilterAdded(filter));
        }

        if (content is not SubscriberSet { Groups: { } groups })
        {
            return;
        }

        foreach (var group in groups.Slots)
        {
            foreach (var member in group is null ? [] : group.Members)
            {
                if (member?.Subscriber is SessionSubscriber { IsLive: true } session)
                {
                    changes.Add(new RouteChange.MemberJoined(session.Number, $"$share/{group!.ShareName}/{filter}", member.Options));
                }
            }
        }
    }
}
