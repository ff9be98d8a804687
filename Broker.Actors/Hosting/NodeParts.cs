using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Broker.Actors.Clustering;
using Broker.Actors.Clustering.Membership;
using Broker.Actors.Clustering.Operations;
using Broker.Actors.Clustering.Routes;
using Broker.Actors.Connections;
using Broker.Actors.Connections.Bans;
using Broker.Actors.Draining;
using Broker.Actors.Primary;
using Broker.Actors.Retained;
using Broker.Actors.Routing;
using Broker.Actors.Security;
using Broker.Actors.Sessions;
using Broker.Actors.Sessions.Guards;
using Broker.Actors.Sessions.Journal;
using Broker.Actors.Storage.Sql;
using Broker.Actors.Tracing;
using DotNetty.Transport.Channels;
using Microsoft.Extensions.Logging;

namespace Broker.Actors.Hosting;

/// <summary>Everything that makes up a node above the transport, put together in one place.</summary>
internal sealed class NodeParts
{
    private static readonly TimeSpan RegionTimeout = TimeSpan.FromSeconds(60);

    private NodeParts(BrokerContext context, SessionServices sessions, PrimaryView primary, Drain drain)
    {
        Context = context;
        Sessions = sessions;
        Primary = primary;
        Drain = drain;
    }

    public BrokerContext Context { get; }

    public SessionServices Sessions { get; }

    /// <summary>What this node knows of the primary.</summary>
    public PrimaryView Primary { get; }

    /// <summary>How this node goes away.</summary>
    public Drain Drain { get; }

    public static async Task<NodeParts> StartAsync(
        ActorSystem system,
        SqlStore store,
        JournalRows journal,
        NodeMembership membership,
        BrokerOptions options,
        CurrentLimits limits,
        NodeAuthentication authentication,
        AccessControl access,
        IEventLoopGroup eventLoops,
        NodeControl control,
        ILoggerFactory loggers,
        TimeProvider time,
        CancellationToken cancellation)
    {
        var loops = new EventLoops(eventLoops.Items, time) { Guard = membership.Guard, Clock = store.Clock };
        var directory = new ConnectionDirectory(time, store.Registry.Self.Key);
        var subscribers = new DurableSubscribers();
        var routes = new RouteTable(subscribers, isShared: options.Cluster.IsClustered);
        var retained = new RetainedGateway(membership.Members.Self.Uid, time);
        var retainedCopy = new RetainedCopy();
        access.Changed = routes.Tree.Invalidate;
        var router = new MessageRouter(routes, retained, access, store.Writer.Backlog);
        var guards = new ShardGuards();
        var traces = new NodeTraces(time, membership.Members.Self.Address.ToString()) { Changed = loops.Retrace };
        system.ActorOf(Props.Create(() => new TraceActor(membership.Members.Self, traces)), NodeActors.Tracing);
        var services = new SessionServices
        {
            Node = membership.Members.Self,
            Guards = guards,
            CurrentLimits = limits,
            Time = time,
            Clock = store.Clock,
            Logger = loggers.CreateLogger<SessionActor>(),
            Access = access,
            Traces = traces,
            Writer = store.Writer,
            Reader = store.Reader,
            Patience = options.Storage.Patience,
            Members = membership.Members,
            Routes = routes,
            Subscribers = subscribers,
            Retained = retained,
            RetainedCopy = retainedCopy,
            Publish = (publication, accepted) => Publish(loops, router, publication, accepted),
            JournalErasers = system.ActorOf(Props.Create(() => new JournalErasers(journal.RemoveAsync)), "journal-erasers"),
        };

        // At once: no shard starts on another node before this one, which counts from its joining, has answered whom it serves.
        var region = system.DeadLetters;
        var registry = system.ActorOf(Props.Create(() => new ConnectionRegistry(directory, () => region, membership.Members)), NodeActors.Connections);
        guards.Asker = system.ActorOf(
            Props.Create(() => new ShardGuardsActor(membership.Members, guards, services.Homes, directory, registry)), NodeActors.Guards);

        var replicator = ClusterRouting.Start(system, membership.Members, store.Reader, routes, retained, router, access, loops, directory);

        // Once every member counts this node: what is told from then on comes by itself, what was told before is in the table.
        await RouteReplicator.WhenSynchronizedAsync(replicator, cancellation).ConfigureAwait(false);
        await routes.LoadAsync(store.Reader.ReadRoutesAsync(cancellation)).ConfigureAwait(false);
        var retainedServices = new RetainedServices
        {
            Copy = retainedCopy,
            Writer = store.Writer,
            Reader = store.Reader,
            Members = membership.Members,
            CurrentLimits = limits,
            Logger = loggers.CreateLogger<RetainedActor>(),
        };
        await StoredState.LoadAsync(store.Reader, services, retainedCopy, cancellation).ConfigureAwait(false);
        system.ActorOf(Props.Create(() => new RetainedCopyActor(retainedServices, retained)), NodeActors.RetainedCopy);
        var sharding = ClusterSharding.Get(system);
        var settings = ClusterShardingSettings.Create(system);
        var sessionRegion = await sharding.StartAsync(
            "session",
            clientId => Props.Create(() => new SessionActor(clientId, services)).WithMailbox(SessionMailbox.Id),
            settings,
            new SessionMessageExtractor(),
            sharding.DefaultShardAllocationStrategy(settings),
            SessionActor.HandOff.Instance).ConfigureAwait(false);
        region = sessionRegion;
        var retainedRegion = await sharding.StartAsync(
            "retained",
            partition => Props.Create(() => new RetainedActor(RetainedMessageExtractor.PartitionOf(partition), retainedServices)),
            settings,
            new RetainedMessageExtractor()).ConfigureAwait(false);
        system.ActorOf(Props.Create(static () => new ShardMoves()), "shard-moves");

        var retainedOutbox = system.ActorOf(Props.Create(() => new RetainedOutbox(retained, retainedRegion, membership.Members.Self.Uid)), "retained-outbox");
        var retainedReads = system.ActorOf(Props.Create(() => new RetainedReads(membership.Members, retained)), "retained-reads");
        retained.AwaitOthers = (barriers, then) => retainedReads.Tell(new RetainedReads.Await(barriers, then), ActorRefs.NoSender);
        retained.Send = (number, publication) => retainedOutbox.Tell(new RetainedOutbox.Submitted(number, publication), ActorRefs.NoSender);
        var outbox = system.ActorOf(Props.Create(() => new SessionOutbox(sessionRegion, time)), "session-outbox");
        store.Writer.Backlog.Drained = loops.ReleaseForStore;
        limits.Changed = loops.ApplyLimits;
        loops.SendDurable = deliveries => outbox.Tell(deliveries);

        var context = new BrokerContext
        {
            Options = options,
            CurrentLimits = limits,
            Time = time,
            Logger = loggers.CreateLogger<ClientConnection>(),
            Loops = loops,
            Directory = directory,
            Authenticator = authentication.Authenticator,
            Mechanisms = authentication.Mechanisms,
            Bans = ConnectionBans.For(options.Bans, loggers.CreateLogger<ConnectionBans>(), time),
            Disk = DiskGuard.For(options, loggers.CreateLogger<DiskGuard>()),
            Memory = MemoryGuard.OfProcess(options.Limits.MaxMemory, loggers.CreateLogger<MemoryGuard>()),
            Access = access,
            Traces = traces,
            Members = membership.Members,
            Routes = routes,
            Router = router,
            Retained = retained,
            RetainedCopy = retainedCopy,
            StoreBacklog = store.Writer.Backlog,
            DurableSubscribers = services.Subscribers,
            Sessions = sessionRegion,
            Registry = registry,
            Node = membership.Members.Self,
        };

        // An answer shows that the regions have a coordinator and their shards a home: clients need not wait for that.
        await sessionRegion.Ask<SessionProtocol.Pong>(asker => new SessionProtocol.Ping("$start", asker), RegionTimeout, cancellation).ConfigureAwait(false);
        await retainedRegion.Ask<RetainedProtocol.Pong>(asker => new RetainedProtocol.Ping(asker), RegionTimeout, cancellation).ConfigureAwait(false);
        await SessionWarmUp.RunAsync(system, services, cancellation).ConfigureAwait(false);
        var (primary, drain) = StartOperations(system, Cluster.Get(system), context, services, control, loggers);
        PrimaryStart.Run(system, store, sessionRegion, membership.Members, loggers);
        return new NodeParts(context, services, primary, drain);
    }

    /// <summary>Publishes a message of the broker itself. Any thread.</summary>
    public void Publish(Publication publication) => Publish(publication, accepted: null);

    /// <summary>As above; the action is called, on any thread, once everyone who must has taken it.</summary>
    public void Publish(Publication publication, Action? accepted) => Publish(Context.Loops, Context.Router, publication, accepted);

    /// <summary>What this node and the primary tell each other, and how this node goes.</summary>
    private static (PrimaryView Primary, Drain Drain) StartOperations(
        ActorSystem system, Cluster cluster, BrokerContext context, SessionServices sessions, NodeControl control, ILoggerFactory loggers)
    {
        var self = cluster.SelfUniqueAddress;
        var primary = new PrimaryView();
        var operations = (IActorRef)ActorRefs.Nobody;
        var drain = new Drain(context.Options.Drain, primary, self, context.Time, loggers.CreateLogger<Drain>())
        {
            Others = () => cluster.State.Members.Count(member =>
                !member.UniqueAddress.Equals(self) && member.Status == MemberStatus.Up && !cluster.State.Unreachable.Contains(member)),
            Changed = () => operations.Tell(NodeOperations.ReportNow.Instance, ActorRefs.NoSender),
        };
        operations = system.ActorOf(
            Props.Create(() => new NodeOperations(
                primary, () => new NodeReport(self, drain.State, control.IsReady(), Totals.Of(context, sessions)), control.Leave)),
            NodeActors.Operations);
        return (primary, drain);
    }

    private static void Publish(EventLoops loops, MessageRouter router, Publication publication, Action? accepted)
    {
        var loop = loops.ForTopic(publication.Topic);
        loop.Executor.Execute(() =>
        {
            var match = default(CachedMatch);
            var result = router.Route(loop, publication, publisher: null, 0, ref match, completed: accepted);
            if (result.Pending is null)
            {
                accepted?.Invoke();
            }
        });
    }
}
