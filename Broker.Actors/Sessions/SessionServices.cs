using Broker.Actors.Connections;
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

    public required ISessionStore Store { get; init; }

    public required RouteTable Routes { get; init; }

    public required DurableSubscribers Subscribers { get; init; }

    public required RetainedGateway Retained { get; init; }

    public required RetainedCopy RetainedCopy { get; init; }

    /// <summary>Publishes for nobody who waits: wills.</summary>
    public required Action<Publication> Publish { get; init; }

    /// <summary>A number that no session or connection had before: the origin of a session's message ids.</summary>
    public required Func<long> NextIncarnation { get; init; }

    /// <summary>Durable sessions whose entities are on this node.</summary>
    public int DurableSessionCount => Volatile.Read(ref _durableSessions);

    /// <summary>What sessions dropped, for <c>$SYS</c>.</summary>
    public DropCounters Dropped { get; } = new();

    public void AddDurable(int count) => Interlocked.Add(ref _durableSessions, count);

    /// <summary>Milliseconds since 1970 UTC.</summary>
    public long UtcNow => Time.GetUtcNow().ToUnixTimeMilliseconds();
}
