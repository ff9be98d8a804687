using Akka.Actor;
using Akka.Cluster;
using Broker.Actors.Clustering.Membership;
using Broker.Actors.Hosting;
using Broker.Actors.Retained;
using Broker.Actors.Routing;
using Broker.Actors.Security;
using Broker.Actors.Sessions.Guards;
using Broker.Actors.Storage;
using Broker.Actors.Tracing;
using Microsoft.Extensions.Logging;

namespace Broker.Actors.Sessions;

/// <summary>What every <see cref="SessionActor"/> of a node shares.</summary>
internal sealed class SessionServices
{
    private int _durableSessions;
    private long _notAdopted;

    public required CurrentLimits CurrentLimits { get; init; }

    public LimitsOptions Limits => CurrentLimits.Now;

    public required TimeProvider Time { get; init; }

    /// <summary>By which messages expire.</summary>
    public StoreClock Clock { get => field ??= new StoreClock(Time); init; }

    public required ILogger Logger { get; init; }

    public required AccessControl Access { get; init; }

    public required IStoreWriter Writer { get; init; }

    public required IStoreReader Reader { get; init; }

    /// <summary><c>mqtt.storage.patience</c>.</summary>
    public required TimeSpan Patience { get; init; }

    /// <summary>The other nodes; none where the node is by itself.</summary>
    public ClusterMembers Members { get; init; } = ClusterMembers.Alone();

    public required RouteTable Routes { get; init; }

    public required DurableSubscribers Subscribers { get; init; }

    public required RetainedGateway Retained { get; init; }

    public required RetainedCopy RetainedCopy { get; init; }

    /// <summary>Publishes a will; the action is called, on any thread, once everyone who must has committed it.</summary>
    public required Action<Publication, Action> Publish { get; init; }

    /// <summary>This node, as others know it; null where there are none.</summary>
    public UniqueAddress? Node { get; init; }

    /// <summary>Who serves the client ids of a shard that starts here; null: nobody else can.</summary>
    public ShardGuards? Guards { get; init; }

    /// <summary>What operators look at.</summary>
    public NodeTraces Traces { get; init; } = new();

    /// <summary>Entities here by the node of their connection.</summary>
    public ConnectionHomes Homes { get; } = new();

    /// <summary>Entities here.</summary>
    public SessionEntities Entities { get; } = new();

    /// <summary>Removes the events of sessions that have ended; set once, before the first session.</summary>
    public IActorRef JournalErasers { get; set; } = ActorRefs.Nobody;

    /// <summary>Durable sessions of this node's part of the cluster.</summary>
    public int DurableSessionCount => Volatile.Read(ref _durableSessions);

    /// <summary>What sessions dropped, for <c>$SYS</c>.</summary>
    public DropCounters Dropped { get; } = new();

    /// <summary>Clients that were disconnected because their connection could not go on with a new entity.</summary>
    public long NotAdopted => Volatile.Read(ref _notAdopted);

    /// <summary>Milliseconds since 1970 UTC by the database's clock.</summary>
    public long UtcNow => Clock.UtcNow;

    /// <summary>False once the database has been away for longer than <see cref="Patience"/>: who needs it is told so at once.</summary>
    public bool IsStoreUp => Writer.Health is var health && (health.IsUp || Time.GetUtcNow() - health.Since < Patience);

    /// <summary>For people, where <see cref="IsStoreUp"/> is false.</summary>
    public string StoreProblem => "the database is away: " + Writer.Health.Reason;

    /// <summary>True: the node was removed from the cluster.</summary>
    public bool IsGone(UniqueAddress? node) =>
        node is not null && !node.Equals(Members.Self) && !Members.Others.Contains(node);

    public void CountNotAdopted() => Interlocked.Increment(ref _notAdopted);

    public void AddDurable(int count) => Interlocked.Add(ref _durableSessions, count);
}
