using Broker.Actors.Routing;

namespace Broker.Actors.Clustering.Routes;

/// <summary>A change of one node's routes, as it tells the others.</summary>
internal abstract record RouteChange
{
    /// <summary>The first plain subscription of a live session with this filter.</summary>
    internal sealed record FilterAdded(string Filter) : RouteChange;

    /// <summary>The last one has gone.</summary>
    internal sealed record FilterRemoved(string Filter) : RouteChange;

    /// <summary>A live session joins a shared group, or changes its options there.</summary>
    /// <param name="Connection">The number of its connection.</param>
    /// <param name="Filter">As the client wrote it, <c>$share</c> included.</param>
    /// <param name="Options">Its options.</param>
    internal sealed record MemberJoined(long Connection, string Filter, SubscriptionOptions Options) : RouteChange;

    /// <summary>It has left the group.</summary>
    internal sealed record MemberLeft(long Connection, string Filter) : RouteChange;

    /// <summary>The client of a durable session is connected.</summary>
    internal sealed record ClientConnected(string ClientId, long Connection) : RouteChange;

    /// <summary>That connection has gone.</summary>
    internal sealed record ClientGone(string ClientId, long Connection) : RouteChange;

    /// <summary>A subscription of a durable session, new or changed.</summary>
    internal sealed record DurableSubscribed(DurableMark Mark, string Filter, SubscriptionOptions Options) : RouteChange;

    /// <summary>It has ended.</summary>
    internal sealed record DurableUnsubscribed(DurableMark Mark, string Filter) : RouteChange;

    /// <summary>The session's entity was loaded and has told all subscriptions with this mark: what has a lower one is gone.</summary>
    internal sealed record DurableRecovered(DurableMark Mark) : RouteChange;

    /// <summary>The session is over.</summary>
    internal sealed record DurableEnded(string ClientId, long Session) : RouteChange;
}

/// <summary>
/// Whose word it is, and its place among all words about that session, whatever nodes they come from: subscriptions are event-sourced, so the journal's
/// sequence number is the order, wherever the entity was when it wrote.
/// </summary>
/// <param name="ClientId">The client id.</param>
/// <param name="Session">The session's key: another session of the client id has another one.</param>
/// <param name="Sequence">Of the event in the session's journal; 0: read from the table of routes, older than all events.</param>
internal readonly record struct DurableMark(string ClientId, long Session, long Sequence);
