using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Configuration;
using Akka.Event;
using Broker.Actors.Clustering.Membership;
using Broker.Specs.Node.Configuration;

namespace Broker.Specs.Actors.Clustering.Membership;

/// <summary>Three actor systems with the sharding that reference.conf sets.</summary>
public sealed class ShardMovesSpecs : IAsyncLifetime, IDisposable
{
    private static readonly Config Hocon = ConfigurationFactory.ParseString("""
        akka {
          loglevel = DEBUG
          loggers = []
          stdout-loglevel = OFF
          actor.provider = cluster
          remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
          coordinated-shutdown.run-by-actor-system-terminate = off
          cluster {
            run-coordinated-shutdown-when-down = off
            downing-provider-class = "Akka.Cluster.NoDowning, Akka.Cluster"

            # A message to a shard that moves may be dropped (akka.net#8572): no move but the one that is asked for.
            sharding.rebalance-interval = 10m
          }
        }
        """).WithFallback(Given.Sets().Effective);

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly ManualResetEventSlim _release = new();
    private readonly List<ActorSystem> _systems = [];

    public async Task InitializeAsync()
    {
        for (var i = 0; i < 3; i++)
        {
            var system = ActorSystem.Create("mqtt", Hocon);
            _systems.Add(system);
            await Akka.Cluster.Cluster.Get(system).JoinAsync(Akka.Cluster.Cluster.Get(_systems[0]).SelfAddress).WaitAsync(Limit);
        }
    }

    public async Task DisposeAsync()
    {
        _release.Set();
        try
        {
            await Task.WhenAll(_systems.Select(static system => system.Terminate())).WaitAsync(Limit);
        }
        catch (TimeoutException timeout)
        {
            throw new TimeoutException($"{ThreadPool.PendingWorkItemCount} work items wait for {ThreadPool.ThreadCount} threads; still there: {Remains()}", timeout);
        }
    }

    public void Dispose() => _release.Dispose();

    [Fact]
    public async Task A_shard_whose_node_dies_before_it_has_agreed_to_let_it_go_is_elsewhere_soon()
    {
        var regions = await Task.WhenAll(_systems.Select(StartAsync)).WaitAsync(Limit);
        var victim = Akka.Cluster.Cluster.Get(_systems[2]).SelfAddress;
        var entity = await EntityAtAsync(regions[0], victim);
        var lines = new Lines();
        var listener = _systems[0].ActorOf(Props.Create(() => new Listener(lines)));
        _systems[0].EventStream.Subscribe(listener, typeof(Debug));

        // The region asks to be relieved of its shards, and stands still before it hears what follows from that.
        regions[2].Tell(GracefulShutdown.Instance);
        regions[2].Tell(new StandStill(_release));
        await lines.WaitForAsync("Remaining shard regions for shard", ": 1");
        Akka.Cluster.Cluster.Get(_systems[0]).Down(victim);
        await lines.WaitForAsync("handing off shard", "");

        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        (await regions[0].Ask<string>(entity, timeout.Token)).Should().NotBe(victim.ToString());
    }

    private string Remains() => string.Join('\n', _systems.Where(static system => !system.WhenTerminated.IsCompleted).Cast<ExtendedActorSystem>().Select(static system => system.PrintTree()));

    private static Task<IActorRef> StartAsync(ActorSystem system)
    {
        system.ActorOf(Props.Create(static () => new ShardMoves()));
        return ClusterSharding.Get(system).StartAsync(
            "session", static _ => Props.Create(static () => new Entity()), ClusterShardingSettings.Create(system), new Extractor());
    }

    private static async Task<string> EntityAtAsync(IActorRef region, Address node)
    {
        for (var i = 0; ; i++)
        {
            if (await region.Ask<string>($"entity-{i}", Limit) == node.ToString())
            {
                return $"entity-{i}";
            }
        }
    }

    /// <summary>Holds the region's thread.</summary>
    private sealed record StandStill(ManualResetEventSlim Until);

    private sealed class Extractor() : HashCodeMessageExtractor(16)
    {
        public override string? EntityId(object message)
        {
            if (message is StandStill still)
            {
                still.Until.Wait(Limit);
            }

            return message as string;
        }
    }

    private sealed class Entity : ReceiveActor
    {
        public Entity() => ReceiveAny(_ => Sender.Tell(Akka.Cluster.Cluster.Get(Context.System).SelfAddress.ToString()));
    }

    private sealed class Listener : ReceiveActor
    {
        public Listener(Lines lines) => Receive<Debug>(entry => lines.Add(entry.Message.ToString()!));
    }

    /// <summary>What the log said.</summary>
    private sealed class Lines
    {
        private readonly List<string> _lines = [];
        private TaskCompletionSource _added = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Add(string line)
        {
            lock (_lines)
            {
                _lines.Add(line);
                _added.TrySetResult();
                _added = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        /// <summary>Returns when a line has both parts.</summary>
        public async Task WaitForAsync(string part, string end)
        {
            while (true)
            {
                Task more;
                lock (_lines)
                {
                    if (_lines.Any(line => line.Contains(part, StringComparison.Ordinal) && line.EndsWith(end, StringComparison.Ordinal)))
                    {
                        return;
                    }

                    more = _added.Task;
                }

                await more.WaitAsync(Limit);
            }
        }
    }
}
