using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Akka.Configuration;
using Broker.Actors.Clustering;
using Broker.Actors.Clustering.Membership;
using Broker.Actors.Clustering.Wire;
using Broker.Actors.Connections;
using Broker.Actors.Hosting;
using Broker.Actors.Retained;
using Broker.Actors.Routing;
using Broker.Actors.Security;
using Broker.Actors.Sessions;
using Broker.Actors.Sessions.Guards;
using Broker.Specs.Actors.Connections;
using Broker.Specs.Actors.Sessions;
using Microsoft.Extensions.Logging.Abstractions;

namespace Broker.Specs.Actors.Clustering.Sessions;

/// <summary>
/// One of several nodes in this process: remoting, cluster and sharding are real, sockets and the database are not. Its event loop is turned by the spec.
/// </summary>
internal sealed class SessionNode
{
    private static readonly Config Hocon = ConfigurationFactory.ParseString("""
        akka {
          loglevel = ERROR
          stdout-loglevel = OFF
          actor.provider = cluster
          remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
          coordinated-shutdown { run-by-actor-system-terminate = off, run-by-clr-shutdown-hook = off }
          cluster {
            downing-provider-class = "Akka.Cluster.NoDowning, Akka.Cluster"
            gossip-interval = 200ms
            leader-actions-interval = 200ms
            unreachable-nodes-reaper-interval = 200ms
            periodic-tasks-initial-delay = 200ms
            failure-detector { heartbeat-interval = 300ms, acceptable-heartbeat-pause = 2s, expected-response-after = 500ms }
            distributed-data.durable.keys = []
            sharding {
              state-store-mode = ddata
              passivate-idle-entity-after = off
              retry-interval = 300ms
              rebalance-interval = 10m
              distributed-data { majority-min-cap = 2, durable.keys = [] }
            }
          }
        }
        """);

    private readonly TestEventLoop _executor = new();

    private SessionNode(ActorSystem system)
    {
        System = system;
        Cluster = Akka.Cluster.Cluster.Get(system);
        Members = new ClusterMembers(Cluster.SelfUniqueAddress);
    }

    public ActorSystem System { get; }

    public Akka.Cluster.Cluster Cluster { get; }

    public ClusterMembers Members { get; }

    public BrokerContext Context { get; private set; } = null!;

    public SessionServices Services { get; private set; } = null!;

    /// <summary>Sends to durable sessions wherever they are.</summary>
    public IActorRef Outbox { get; private set; } = ActorRefs.Nobody;

    /// <summary>Wills that this node published.</summary>
    public List<Publication> Wills { get; } = [];

    /// <summary>Dead nodes do nothing.</summary>
    public bool IsAlive { get; private set; } = true;

    public static SessionNode Create() =>
        new(ActorSystem.Create("mqtt", Hocon.WithFallback(ConfigurationFactory.ParseString(WireSerializer.Hocon + "\n" + SessionMailbox.Hocon)).WithFallback(SpecJournal.Config)));

    /// <summary>Joins, and starts what the broker has above the transport.</summary>
    public async Task StartAsync(FakeStore store, long key, Address seed)
    {
        var members = Members;
        System.ActorOf(Props.Create(() => new Feed(members)));
        await Cluster.JoinAsync(seed).WaitAsync(TimeSpan.FromSeconds(60));
        var time = TimeProvider.System;
        var loops = new EventLoops([_executor], time);
        var directory = new ConnectionDirectory(time, key);
        var subscribers = new DurableSubscribers();
        var (routes, retained, access) = (new RouteTable(subscribers, isShared: true), new RetainedGateway(1, TimeProvider.System), AccessControl.Open);
        var guards = new ShardGuards();
        var services = new SessionServices
        {
            Node = Cluster.SelfUniqueAddress,
            Members = Members,
            Guards = guards,
            CurrentLimits = new CurrentLimits(new LimitsOptions()),
            Time = time,
            Logger = NullLogger.Instance,
            Access = access,
            Writer = store,
            Reader = store,
            Patience = TimeSpan.FromSeconds(10),
            Routes = routes,
            Subscribers = subscribers,
            Retained = retained,
            RetainedCopy = new RetainedCopy(),
            Publish = (will, accepted) =>
            {
                lock (Wills)
                {
                    Wills.Add(will);
                }

                accepted();
            },
        };
        Services = services;
        var region = System.DeadLetters;
        var registry = System.ActorOf(Props.Create(() => new ConnectionRegistry(directory, () => region, members)), NodeActors.Connections);
        guards.Asker = System.ActorOf(Props.Create(() => new ShardGuardsActor(members, guards, services.Homes, directory, registry)), NodeActors.Guards);
        var sharding = ClusterSharding.Get(System);
        var settings = ClusterShardingSettings.Create(System);
        var sessions = await sharding.StartAsync(
            "session",
            clientId => Props.Create(() => new SessionActor(clientId, services)).WithMailbox(SessionMailbox.Id),
            settings,
            new SessionMessageExtractor(),
            sharding.DefaultShardAllocationStrategy(settings),
            SessionActor.HandOff.Instance);
        region = sessions;
        Outbox = System.ActorOf(Props.Create(() => new SessionOutbox(sessions, time)), "session-outbox");
        loops.SendDurable = deliveries => Outbox.Tell(deliveries);
        var backlog = new Broker.Actors.Storage.StoreBacklog(1_000_000);
        Context = new BrokerContext
        {
            Options = new BrokerOptions(),
            CurrentLimits = new CurrentLimits(new LimitsOptions()),
            Time = time,
            Logger = NullLogger.Instance,
            Loops = loops,
            Directory = directory,
            Authenticator = new AnonymousAuthenticator(new SecurityOptions()),
            Memory = new MemoryGuard(long.MaxValue, 0, static () => 0, NullLogger.Instance),
            Access = access,
            Members = Members,
            Node = Members.Self,
            Routes = routes,
            Router = new MessageRouter(routes, retained, access, backlog),
            Retained = retained,
            RetainedCopy = services.RetainedCopy,
            StoreBacklog = backlog,
            DurableSubscribers = services.Subscribers,
            Sessions = sessions,
            Registry = registry,
        };
    }

    /// <summary>A connection from which nothing has come.</summary>
    public FakeChannel Open()
    {
        var channel = new FakeChannel(_executor);
        channel.Handler = new ClientConnection(Context, channel);
        return channel;
    }

    /// <summary>Turns the event loop until nothing waits.</summary>
    public void Turn(bool checkTimeouts)
    {
        if (!IsAlive)
        {
            return;
        }

        if (checkTimeouts)
        {
            Context.Loops.All[0].Connections.CheckTimeouts();
        }

        _executor.RunAll();
    }

    /// <summary>As kill -9: nobody is told, and nothing that waits is done.</summary>
    public async Task KillAsync()
    {
        IsAlive = false;
        await System.Terminate().WaitAsync(TimeSpan.FromSeconds(60));
    }

    public async Task DisposeAsync()
    {
        if (IsAlive)
        {
            await KillAsync();
        }
    }

    private sealed class Feed : ReceiveActor
    {
        public Feed(ClusterMembers members)
        {
            Receive<ClusterEvent.MemberRemoved>(removed =>
            {
                members.Remove(removed.Member.UniqueAddress);
                members.Settle(removed.Member.UniqueAddress);
            });
            Receive<ClusterEvent.IMemberEvent>(changed => members.Add(changed.Member.UniqueAddress));
            Akka.Cluster.Cluster.Get(Context.System).Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent));
        }
    }
}
