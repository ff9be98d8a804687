using Akka.Actor;
using Broker.Actors.Hosting;
using Broker.Actors.Retained;
using Broker.Actors.Routing;
using Broker.Actors.Security;
using Broker.Actors.Storage;
using Microsoft.Extensions.Logging;

namespace Broker.Actors.Sessions;

/// <summary>What every <see cref="SessionActor"/> of a node shares.</summary>
internal sealed class SessionServices
{
    private int _durableSessions;

    public required LimitsOptions Limits { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILogger Logger { get; init; }

    public required AccessRules Access { get; init; }

    public required IStoreWriter Writer { get; init; }

    public required IStoreReader Reader { get; init; }

    public required IConnectionStore Connections { get; init; }

    /// <summary><c>mqtt.storage.patience</c>.</summary>
    public required TimeSpan Patience { get; init; }

    public required RouteTable Routes { get; init; }

    public required DurableSubscribers Subscribers { get; init; }

    public required RetainedGateway Retained { get; init; }

    public required RetainedCopy RetainedCopy { get; init; }

    /// <summary>Publishes a will; the action is called, on any thread, once everyone who must has committed it.</summary>
    public required Action<Publication, Action> Publish { get; init; }

    /// <summary>Removes the events of sessions that have ended; set once, before the first session.</summary>
    public IActorRef JournalErasers { get; set; } = ActorRefs.Nobody;

    /// <summary>Durable sessions of this node's part of the cluster.</summary>
    public int DurableSessionCount => Volatile.Read(ref _durableSessions);

    /// <summary>What sessions dropped, for <c>$SYS</c>.</summary>
    public DropCounters Dropped { get; } = new();

    /// <summary>Milliseconds since 1970 UTC.</summary>
    public long UtcNow => Time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>False once the database has been away for longer than <see cref="Patience"/>: who needs it is told so at once.</summary>
    public bool IsStoreUp => Writer.Health is var health && (health.IsUp || Time.GetUtcNow() - health.Since < Patience);

    /// <summary>For people, where <see cref="IsStoreUp"/> is false.</summary>
    public string StoreProblem => "the database is away: " + Writer.Health.Reason;

    public void AddDurable(int count) => Interlocked.Add(ref _durableSessions, count);
}
