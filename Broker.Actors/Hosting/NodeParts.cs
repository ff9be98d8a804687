using Akka.Actor;
using Akka.Cluster.Sharding;
using Broker.Actors.Connections;
using Broker.Actors.Primary;
using Broker.Actors.Retained;
using Broker.Actors.Routing;
using Broker.Actors.Security;
using Broker.Actors.Sessions;
using Broker.Actors.Sessions.Journal;
using Broker.Actors.Storage.Sql;
using DotNetty.Transport.Channels;
using Microsoft.Extensions.Logging;

namespace Broker.Actors.Hosting;

/// <summary>Everything that makes up a node above the transport, put together in one place.</summary>
internal sealed class NodeParts
{
    private static readonly TimeSpan RegionTimeout = TimeSpan.FromSeconds(60);

    private NodeParts(BrokerContext context, SessionServices sessions)
    {
        Context = context;
        Sessions = sessions;
    }

    public BrokerContext Context { get; }

    public SessionServices Sessions { get; }

    public static async Task<NodeParts> StartAsync(
        ActorSystem system,
        SqlStore store,
        BrokerOptions options,
        IEventLoopGroup eventLoops,
        ILoggerFactory loggers,
        TimeProvider time,
        CancellationToken cancellation)
    {
        var loops = new EventLoops(eventLoops.Items, time);
        var directory = new ConnectionDirectory(time);
        var routes = new RouteTable();
        var retained = new RetainedGateway();
        var retainedCopy = new RetainedCopy();
        var access = new AccessRules(options.Security.Authorization.Rules);
        var router = new MessageRouter(routes, retained, access);
        var services = new SessionServices
        {
            Limits = options.Limits,
            Time = time,
            Logger = loggers.CreateLogger<SessionActor>(),
            Access = access,
            Writer = store.Writer,
            Reader = store.Reader,
            Connections = store.Connections,
            Patience = options.Storage.Patience,
            Routes = routes,
            Subscribers = new DurableSubscribers(),
            Retained = retained,
            RetainedCopy = retainedCopy,
            Publish = (publication, accepted) => Publish(loops, router, publication, accepted),
            JournalErasers = system.ActorOf(Props.Create(() => new JournalErasers()), "journal-erasers"),
        };

        await StoredState.LoadAsync(store.Reader, services, retainedCopy, cancellation).ConfigureAwait(false);
        var sharding = ClusterSharding.Get(system);
        var settings = ClusterShardingSettings.Create(system);
        var sessionRegion = await sharding.StartAsync(
            "session",
            clientId => Props.Create(() => new SessionActor(clientId, services)),
            settings,
            new SessionMessageExtractor()).ConfigureAwait(false);
        var retainedRegion = await sharding.StartAsync(
            "retained",
            partition => Props.Create(() => new RetainedActor(
                RetainedMessageExtractor.PartitionOf(partition), store.Writer, retainedCopy, options.Limits, loggers.CreateLogger<RetainedActor>())),
            settings,
            new RetainedMessageExtractor()).ConfigureAwait(false);

        var replies = system.ActorOf(Props.Create(() => new RetainedReplies(retained)), "retained-replies");
        retained.Send = (number, publication) => retainedRegion.Tell(new RetainedActor.Set(number, publication, replies));
        var outbox = system.ActorOf(Props.Create(() => new SessionOutbox(sessionRegion, time)), "session-outbox");
        loops.SendDurable = deliveries => outbox.Tell(deliveries);

        var context = new BrokerContext
        {
            Options = options,
            Time = time,
            Logger = loggers.CreateLogger<ClientConnection>(),
            Loops = loops,
            Directory = directory,
            Authenticator = new AnonymousAuthenticator(options.Security),
            Access = access,
            Routes = routes,
            Router = router,
            Retained = retained,
            RetainedCopy = retainedCopy,
            DurableSubscribers = services.Subscribers,
            Sessions = sessionRegion,
            Registry = system.ActorOf(Props.Create(() => new ConnectionRegistry(directory, sessionRegion)), "connections"),
        };

        // An answer shows that the regions have a coordinator and their shards a home: clients need not wait for that.
        await sessionRegion.Ask<SessionProtocol.Pong>(asker => new SessionProtocol.Ping("$start", asker), RegionTimeout, cancellation).ConfigureAwait(false);
        await retainedRegion.Ask<RetainedActor.Pong>(new RetainedActor.Ping(), RegionTimeout, cancellation).ConfigureAwait(false);
        await PrimaryStart.RunAsync(system, store, sessionRegion, loggers, cancellation).ConfigureAwait(false);
        return new NodeParts(context, services);
    }

    /// <summary>Publishes a message of the broker itself. Any thread.</summary>
    public void Publish(Publication publication) => Publish(Context.Loops, Context.Router, publication, accepted: null);

    /// <summary>DISCONNECT 0x8B to every client, then waits until all are gone.</summary>
    public async Task DisconnectAllAsync(CancellationToken cancellation)
    {
        var goodbye = new ConnectionProtocol.Disconnect(Broker.Protocol.Packets.ReasonCode.ServerShuttingDown, "the server is shutting down");
        foreach (var connection in Context.Directory.All)
        {
            connection.Loop.Post(connection, goodbye);
        }

        await Context.Directory.WhenEmptyAsync(TimeSpan.FromSeconds(5), cancellation).ConfigureAwait(false);
    }

    private static void Publish(EventLoops loops, MessageRouter router, Publication publication, Action? accepted)
    {
        var loop = loops.ForTopic(publication.Topic);
        loop.Executor.Execute(() =>
        {
            var match = default(CachedMatch);
            var result = router.Route(loop, publication, publisher: null, 0, ref match, accepted);
            if (result.Pending is null)
            {
                accepted?.Invoke();
            }
        });
    }
}
