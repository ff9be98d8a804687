using Broker.Actors.Clustering.Links;
using Broker.Actors.Routing;

namespace Broker.Actors.Inspection;

/// <summary>Lists what hangs in the tree of subscriptions, without stopping who writes it.</summary>
internal static class RouteWalk
{
    /// <summary>Members of a group that are listed by name.</summary>
    private const int MostMembers = 100;

    /// <summary>Subscriptions of those sessions that are wanted.</summary>
    public static PageShare<SubscriptionRow> Subscriptions(SubscriptionTree tree, PageRequest page, Func<SessionSubscriber, bool> wanted)
    {
        var collector = new PageCollector<SubscriptionRow>(page);
        tree.Walk((filter, content) =>
        {
            foreach (var recipient in Plain(content))
            {
                Add(collector, page, wanted, recipient, filter);
            }

            foreach (var group in Groups(content))
            {
                foreach (var member in Members(group))
                {
                    Add(collector, page, wanted, member, $"$share/{group.ShareName}/{filter}");
                }
            }
        });
        return collector.Take();
    }

    /// <summary>Where each filter leads.</summary>
    public static PageShare<RouteRow> Routes(SubscriptionTree tree, PageRequest page)
    {
        var collector = new PageCollector<RouteRow>(page);
        tree.Walk((filter, content) =>
        {
            if (page.Wants(filter))
            {
                collector.Add(filter, () => Route(filter, content));
            }
        });
        return collector.Take();
    }

    /// <summary>The shared groups.</summary>
    public static PageShare<GroupRow> Groups(SubscriptionTree tree, PageRequest page)
    {
        var collector = new PageCollector<GroupRow>(page);
        tree.Walk((filter, content) =>
        {
            foreach (var group in Groups(content))
            {
                if (page.Wants($"$share/{group.ShareName}/{filter}"))
                {
                    collector.Add($"{filter}\n{group.ShareName}", () => Group(group, filter));
                }
            }
        });
        return collector.Take();
    }

    private static void Add(
        PageCollector<SubscriptionRow> collector, PageRequest page, Func<SessionSubscriber, bool> wanted, Recipient recipient, string filter)
    {
        if (recipient.Subscriber is SessionSubscriber session && wanted(session) && page.WantsClient(session.ClientId) && page.Wants(filter))
        {
            var options = recipient.Options;
            collector.Add($"{session.ClientId}\n{filter}", () => new SubscriptionRow(
                session.ClientId,
                filter,
                (int)options.QoS,
                session.IsDurable,
                options.NoLocal,
                options.RetainAsPublished,
                options.SubscriptionIdentifier == 0 ? null : options.SubscriptionIdentifier));
        }
    }

    private static RouteRow Route(string filter, object content)
    {
        int live = 0, durable = 0;
        var nodes = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var recipient in Plain(content))
        {
            switch (recipient.Subscriber)
            {
                case SessionSubscriber { IsDurable: true }:
                    durable++;
                    break;
                case SessionSubscriber:
                    live++;
                    break;
                case RemoteNode node:
                    nodes.Add(node.Address.Address.ToString());
                    break;
            }
        }

        return new RouteRow(filter, live, durable, [.. Groups(content).Select(static group => group.ShareName).Order(StringComparer.Ordinal)], [.. nodes]);
    }

    private static GroupRow Group(SharedGroup group, string filter)
    {
        var members = Members(group);
        return new GroupRow(
            group.ShareName,
            filter,
            members.Count,
            members.Count(static member => member.Subscriber.IsOnline),
            [.. members.Take(MostMembers).Select(static member => member.Subscriber switch
            {
                SessionSubscriber session => session.ClientId,
                RemoteMember remote => $"(on {remote.Node.Address.Address})",
                _ => "",
            })]);
    }

    private static List<Recipient> Plain(object content) => content switch
    {
        Recipient single => [single],
        SubscriberSet set => Present(set.Recipients.Slots),
        _ => [],
    };

    private static List<SharedGroup> Groups(object content) => content is SubscriberSet { Groups: { } groups } ? Present(groups.Slots) : [];

    private static List<Recipient> Members(SharedGroup group) => Present(group.Members);

    private static List<T> Present<T>(ReadOnlySpan<T?> slots)
        where T : class
    {
        var present = new List<T>();
        foreach (var item in slots)
        {
            if (item is not null)
            {
                present.Add(item);
            }
        }

        return present;
    }
}
