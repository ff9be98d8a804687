using Broker.Protocol.Topics;

namespace Broker.Actors.Routing;

/// <summary>
/// The node's routes: the <see cref="SubscriptionTree"/> that event loops match against, and the order of changes to it.
/// </summary>
internal sealed class RouteTable
{
    private readonly Lock _gate = new();

    public SubscriptionTree Tree { get; } = new();

    /// <summary>True: new; false: the options were replaced. Publishes matched from here on see it. Any thread.</summary>
    public bool Subscribe(SessionSubscriber subscriber, TopicFilter filter, SubscriptionOptions options)
    {
        lock (_gate)
        {
            return Tree.Subscribe(subscriber, filter, options);
        }
    }

    /// <summary>False: there was no such subscription. Any thread.</summary>
    public bool Unsubscribe(SessionSubscriber subscriber, TopicFilter filter)
    {
        lock (_gate)
        {
            return Tree.Unsubscribe(subscriber, filter);
        }
    }
}
