using Broker.Actors.Connections;
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
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Broker.Specs.Actors.Connections;

/// <summary>
/// A node without sockets, threads and actors: event loops that are turned by hand, a clock that stands still, and
/// records of what would go to actors, which the spec answers itself.
/// </summary>
internal sealed class TestBroker
{
    private readonly TestEventLoop[] _executors;

    public TestBroker(
        LimitsOptions? limits = null,
        int loops = 1,
        IAuthenticator? authenticator = null,
        RedirectOptions? redirect = null,
        ClusterOptions? cluster = null,
        IAuthenticationMechanism? mechanism = null,
        AccessControl? access = null,
        BanOptions? bans = null,
        MemoryGuard? memory = null,
        ILogger? logger = null)
    {
        _executors = [.. Enumerable.Range(0, loops).Select(_ => new TestEventLoop())];
        Loops = new EventLoops(_executors, Time) { SendDurable = Durable.AddRange };
        StoreBacklog.Drained = Loops.ReleaseForStore;
        var directory = new ConnectionDirectory(Time);
        var durable = new DurableSubscribers();
        var routes = new RouteTable(durable, isShared: true);
        access ??= AccessControl.Open;
        if (!access.IsOpen)
        {
            access.Changed = routes.Tree.Invalidate;
        }

        Retained.Send = (number, publication) => RetainedWrites.Enqueue((number, publication));
        Context = new BrokerContext
        {
            Options = new BrokerOptions { Redirect = redirect ?? new RedirectOptions(), Cluster = cluster ?? new ClusterOptions() },
            CurrentLimits = new CurrentLimits(limits ?? new LimitsOptions()) { Changed = Loops.ApplyLimits },
            Time = Time,
            Logger = logger ?? NullLogger.Instance,
            Loops = Loops,
            Directory = directory,
            Authenticator = authenticator ?? new AnonymousAuthenticator(new SecurityOptions()),
            Mechanisms = mechanism is null ? AuthenticationMechanisms.None : new AuthenticationMechanisms([mechanism]),
            Bans = ConnectionBans.For(bans ?? new BanOptions(), NullLogger.Instance, Time),
            Memory = memory ?? new MemoryGuard(long.MaxValue, 0, static () => 0, NullLogger.Instance),
            Access = access,
            Traces = new NodeTraces(Time, "here") { Changed = Loops.Retrace },
            Routes = routes,
            Router = new MessageRouter(routes, Retained, access, StoreBacklog),
            Retained = Retained,
            RetainedCopy = new RetainedCopy(),
            StoreBacklog = StoreBacklog,
            DurableSubscribers = durable,
            Sessions = Sessions,
            Registry = new RecordingRef("registry"),
        };
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public EventLoops Loops { get; }

    public BrokerContext Context { get; }

    public RetainedGateway Retained { get; } = new(self: 1, TimeProvider.System);

    /// <summary>Full at 10,000 bytes.</summary>
    public StoreBacklog StoreBacklog { get; } = new(10_000);

    /// <summary>What connections told the entities.</summary>
    public RecordingRef Sessions { get; } = new("sessions");

    /// <summary>What was handed to the outbox.</summary>
    public List<SessionDelivery> Durable { get; } = [];

    /// <summary>Retained writes on their way to their owner.</summary>
    public Queue<(long Number, Publication Publication)> RetainedWrites { get; } = new();

    public LoopCounters Counters => Loops.All[0].Counters;

    /// <summary>A connection from which nothing has come.</summary>
    public FakeChannel Open(int loop = 0)
    {
        var channel = new FakeChannel(_executors[loop]);
        channel.Handler = new ClientConnection(Context, channel);
        return channel;
    }

    /// <summary>A connection with a live session, past CONNACK.</summary>
    public FakeChannel Connect(string clientId, ProtocolVersion version = ProtocolVersion.V5, int loop = 0) =>
        Connect(new ConnectPacket { Version = version, ClientId = clientId }, loop: loop);

    /// <summary>A connection whose entity has answered, past CONNACK.</summary>
    public FakeChannel Connect(ConnectPacket packet, bool durable = false, int loop = 0)
    {
        var channel = Open(loop);
        channel.Send(packet);
        Sessions.Next<SessionProtocol.Connect>();
        Answer(channel, new ConnectionProtocol.SessionBound(false, durable));
        channel.Next<ConnAckPacket>().ReasonCode.Should().Be(ReasonCode.Success);
        return channel;
    }

    /// <summary>A connection whose session outlives it.</summary>
    public FakeChannel ConnectDurable(string clientId, ProtocolVersion version = ProtocolVersion.V5) =>
        Connect(new ConnectPacket { Version = version, ClientId = clientId, CleanStart = false, SessionExpiryInterval = 3_600 }, durable: true);

    /// <summary>An actor's message to a connection.</summary>
    public void Answer(FakeChannel channel, object command)
    {
        var connection = (ClientConnection)channel.Handler;
        connection.Loop.Post(connection, command);
        Run();
    }

    /// <summary>Subscribes a live session, and answers its SUBACK.</summary>
    public SubAckPacket Subscribe(FakeChannel channel, string filter, QualityOfService qos = QualityOfService.AtMostOnce)
    {
        channel.Send(new SubscribePacket { PacketId = 1, Subscriptions = [new SubscriptionRequest(filter, qos)] });
        Run();
        return channel.Next<SubAckPacket>();
    }

    /// <summary>Turns all loops until nothing waits.</summary>
    public void Run()
    {
        while (_executors.Any(loop => loop.Waiting > 0))
        {
            foreach (var loop in _executors)
            {
                loop.RunAll();
            }
        }
    }

    /// <summary>Turns one loop.</summary>
    public void Run(int loop) => _executors[loop].RunAll();

    /// <summary>The owner of the topic has made the oldest write.</summary>
    public void CompleteRetained(DeliveryOutcome outcome = DeliveryOutcome.Accepted)
    {
        var (number, publication) = RetainedWrites.Dequeue();
        if (outcome == DeliveryOutcome.Accepted)
        {
            Context.RetainedCopy.Apply(new RetainedMessage(publication, Origin: 1, number));
        }

        Retained.Complete(number, outcome);
        Run();
    }

    /// <summary>Lets time pass, a second at a time, as the node's timer does.</summary>
    public void Pass(TimeSpan time)
    {
        for (var second = 0; second < time.TotalSeconds; second++)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            foreach (var loop in Loops.All)
            {
                loop.Connections.CheckTimeouts();
            }

            Run();
        }
    }
}
