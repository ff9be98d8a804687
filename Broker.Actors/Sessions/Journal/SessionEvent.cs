using Broker.Actors.Routing;

namespace Broker.Actors.Sessions.Journal;

/// <summary>What changes rarely in a durable session, and is therefore event-sourced (hard case 12).</summary>
internal abstract record SessionEvent
{
    /// <summary>SUBSCRIBE: new subscriptions, or new options of old ones.</summary>
    internal sealed record Subscribed(IReadOnlyList<JournaledSubscription> Subscriptions) : SessionEvent;

    /// <summary>UNSUBSCRIBE.</summary>
    internal sealed record Unsubscribed(IReadOnlyList<string> Filters) : SessionEvent;
}

/// <summary>A subscription as the journal holds it.</summary>
/// <param name="Filter">As the client wrote it.</param>
/// <param name="Options">Its options.</param>
internal sealed record JournaledSubscription(string Filter, SubscriptionOptions Options);

/// <summary>All subscriptions of a session, in place of the events before it.</summary>
internal sealed record SessionSnapshot(IReadOnlyList<JournaledSubscription> Subscriptions);
