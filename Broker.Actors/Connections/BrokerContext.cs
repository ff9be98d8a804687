using Akka.Actor;
using Akka.Cluster;
using Broker.Actors.Clustering.Membership;
using Broker.Actors.Connections.Bans;
using Broker.Actors.Hosting;
using Broker.Actors.Retained;
using Broker.Actors.Routing;
using Broker.Actors.Security;
using Broker.Actors.Security.Mechanisms;
using Broker.Actors.Sessions;
using Broker.Actors.Storage;
using Broker.Actors.Tracing;
using Broker.Protocol.Packets;
using Microsoft.Extensions.Logging;

namespace Broker.Actors.Connections;

/// <summary>What every connection of a node shares.</summary>
internal sealed class BrokerContext
{
    public required BrokerOptions Options { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILogger Logger { get; init; }

    public required EventLoops Loops { get; init; }

    public required ConnectionDirectory Directory { get; init; }

    public required IAuthenticator Authenticator { get; init; }

    /// <summary>The authentication methods that clients may use.</summary>
    public AuthenticationMechanisms Mechanisms { get; init; } = AuthenticationMechanisms.None;

    /// <summary>Null where nobody is ever banned.</summary>
    public ConnectionBans? Bans { get; init; }

    public required MemoryGuard Memory { get; init; }

    /// <summary>What operators look at.</summary>
    public NodeTraces Traces { get; init; } = new();

    /// <summary>Null where the database is a server's, or nothing is to stay free.</summary>
    public DiskGuard? Disk { get; init; }

    public required AccessControl Access { get; init; }

    /// <summary>What a client is told that a rule refuses.</summary>
    public ReasonCode RefusedByRule =>
        Options.Security.Authorization.RevealReason ? ReasonCode.NotAuthorized : ReasonCode.UnspecifiedError;

    /// <summary>The other nodes; none where the node is by itself.</summary>
    public ClusterMembers Members { get; init; } = ClusterMembers.Alone();

    public required RouteTable Routes { get; init; }

    public required MessageRouter Router { get; init; }

    public required RetainedGateway Retained { get; init; }

    public required RetainedCopy RetainedCopy { get; init; }

    public required StoreBacklog StoreBacklog { get; init; }

    public required DurableSubscribers DurableSubscribers { get; init; }

    /// <summary>The shard region of <see cref="SessionActor"/>.</summary>
    public required IActorRef Sessions { get; init; }

    /// <summary>This node's <see cref="ConnectionRegistry"/>.</summary>
    public required IActorRef Registry { get; init; }

    /// <summary>This node, as others know it; null where there are none.</summary>
    public UniqueAddress? Node { get; init; }

    /// <summary>Sends to the entity of a client id, wherever it is.</summary>
    public void TellSession(ISessionMessage message) => Sessions.Tell(message, Registry);

    public required CurrentLimits CurrentLimits { get; init; }

    public LimitsOptions Limits => CurrentLimits.Now;

    /// <summary>Milliseconds since 1970 UTC by the database's clock.</summary>
    public long UtcNow => Loops.Clock.UtcNow;
}
