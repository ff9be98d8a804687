using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;
using Akka.Remote;
using Broker.Actors.Clustering;
using Broker.Actors.Clustering.Membership;
using Broker.Actors.Clustering.Routes;
using Broker.Actors.Clustering.Wire;
using Broker.Actors.Hosting;
using Broker.Specs.Actors.Connections;

namespace Broker.Specs.Actors.Clustering;

/// <summary>A node with hand-turned event loops and an actor system of its own, which others reach over real remoting.</summary>
internal sealed class MemberBroker : IDisposable
{
    private static readonly Config Hocon = ConfigurationFactory.ParseString("""
        akka {
          loglevel = WARNING
          actor.provider = remote
          remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0, maximum-frame-size = 2MiB }
        }
        """).WithFallback(ConfigurationFactory.ParseString(WireSerializer.Hocon));

    public MemberBroker(LimitsOptions? limits = null, int loops = 1)
    {
        System = ActorSystem.Create("mqtt", Hocon);
        var self = new UniqueAddress(((ExtendedActorSystem)System).Provider.DefaultAddress, AddressUidExtension.Uid(System));
        Members = new ClusterMembers(self);
        Broker = new TestBroker(limits, loops);
        Replicator = ClusterRouting.Start(
            System, Members, () => { TableReads++; return Task.CompletedTask; }, Broker.Context.Routes, Broker.Retained, Broker.Context.Router,
            Broker.Context.Access, Broker.Loops, Broker.Context.Directory);
    }

    public ActorSystem System { get; }

    public ClusterMembers Members { get; }

    public TestBroker Broker { get; }

    public IActorRef Replicator { get; }

    public int TableReads { get; private set; }

    public UniqueAddress Address => Members.Self;

    /// <summary>Whether it has the routes of all that it knows.</summary>
    public Task SynchronizedAsync() => RouteReplicator.WhenSynchronizedAsync(Replicator, CancellationToken.None);

    public void Dispose() => System.Terminate().Wait(TimeSpan.FromSeconds(20));
}

/// <summary>Several of them.</summary>
internal sealed class BrokerCluster : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public BrokerCluster(int nodes, LimitsOptions? limits = null, int loops = 1, bool joined = true)
    {
        Nodes = [.. Enumerable.Range(0, nodes).Select(_ => new MemberBroker(limits, loops))];
        if (joined)
        {
            foreach (var node in Nodes)
            {
                Join(node);
            }

            foreach (var node in Nodes)
            {
                Until(node.SynchronizedAsync());
            }
        }
    }

    public MemberBroker[] Nodes { get; }

    public MemberBroker this[int index] => Nodes[index];

    /// <summary>The node and all others know of each other.</summary>
    public void Join(MemberBroker node)
    {
        foreach (var other in Nodes)
        {
            node.Members.Add(other.Address);
            other.Members.Add(node.Address);
        }
    }

    /// <summary>Its process is gone; nobody has noticed.</summary>
    public void Stop(MemberBroker node) => Until(node.System.Terminate());

    /// <summary>The others have removed it.</summary>
    public void Remove(MemberBroker node)
    {
        foreach (var other in Nodes.Where(other => other != node))
        {
            other.Members.Remove(node.Address);
        }
    }

    /// <summary>Turns all loops until it is so.</summary>
    public void Until(Func<bool> condition, string because = "the condition came true in time") =>
        SpinWait.SpinUntil(
            () =>
            {
                foreach (var node in Nodes)
                {
                    node.Broker.Run();
                }

                return condition();
            },
            Deadline).Should().BeTrue(because);

    public void Until(Task task)
    {
        Until(() => task.IsCompleted);
        task.IsCompletedSuccessfully.Should().BeTrue();
    }

    public void Dispose()
    {
        foreach (var node in Nodes)
        {
            node.Dispose();
        }
    }
}
