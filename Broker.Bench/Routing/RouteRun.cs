using System.Diagnostics;
using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;
using Akka.Remote;
using Broker.Actors.Clustering;
using Broker.Actors.Clustering.Membership;
using Broker.Actors.Clustering.Routes;
using Broker.Actors.Clustering.Wire;
using Broker.Actors.Connections;
using Broker.Actors.Retained;
using Broker.Actors.Routing;
using Broker.Actors.Security;
using Broker.Actors.Storage;
using Broker.Protocol.Packets;
using Broker.Protocol.Topics;

namespace Broker.Bench.Routing;

/// <summary>
/// <c>routes [--routes N] [--subscribes N]</c>: how long a node that joins takes to have all live routes of another, and what a SUBSCRIBE costs until every
/// member routes to it. Three nodes in this process, over real remoting.
/// </summary>
internal static class RouteRun
{
    public static async Task<int> RunAsync(string[] args)
    {
        var routes = Number(args, "--routes", 100_000);
        var subscribes = Number(args, "--subscribes", 20_000);
        using var one = new Member();
        for (var i = 0; i < routes; i++)
        {
            one.Subscribe($"site/{i % 100}/building/{i % 1000}/device/{i}");
        }

        Member[] members = [one, new Member(), new Member()];
        foreach (var joining in members[1..])
        {
            // The first is for the compiler as well.
            var start = Stopwatch.GetTimestamp();
            foreach (var member in members)
            {
                member.Members.Add(joining.Members.Self);
                joining.Members.Add(member.Members.Self);
            }

            await RouteReplicator.WhenSynchronizedAsync(joining.Replicator, CancellationToken.None);
            Console.WriteLine($"{joining.Routes.Tree.Version:N0} live routes reached the joining node in {Stopwatch.GetElapsedTime(start).TotalMilliseconds:N0} ms");
        }

        foreach (var atOnce in new[] { 1, 100 })
        {
            await SubscribeAsync(one, subscribes / 10, atOnce, $"warm/{atOnce}");
            var cpu = Process.GetCurrentProcess().TotalProcessorTime;
            var start = Stopwatch.GetTimestamp();
            await SubscribeAsync(one, subscribes, atOnce, $"run/{atOnce}");
            Process.GetCurrentProcess().Refresh();
            var spent = Process.GetCurrentProcess().TotalProcessorTime - cpu;
            Console.WriteLine(
                $"{atOnce,4} at once: {subscribes / Stopwatch.GetElapsedTime(start).TotalSeconds:N0} subscribes/s, "
                + $"{spent.TotalMicroseconds / subscribes:N1} us CPU each on three nodes together");
        }

        members[1].Dispose();
        members[2].Dispose();
        return 0;
    }

    private static async Task SubscribeAsync(Member member, int count, int atOnce, string prefix) =>
        await Task.WhenAll(Enumerable.Range(0, atOnce).Select(client => Task.Run(async () =>
        {
            for (var i = 0; i < count / atOnce; i++)
            {
                var known = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                member.Subscribe($"{prefix}/{client}/{i}");
                if (!member.Routes.IsKnownEverywhere(member.Routes.Barrier(), known.SetResult))
                {
                    await known.Task;
                }
            }
        })));

    private static int Number(string[] args, string name, int otherwise) =>
        Array.IndexOf(args, name) is >= 0 and var index ? int.Parse(args[index + 1], null) : otherwise;

    private sealed class Member : IDisposable
    {
        private static readonly Config Hocon = ConfigurationFactory.ParseString("""
            akka.loglevel = OFF
            akka.stdout-loglevel = OFF
            akka.actor.provider = remote
            akka.remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0, maximum-frame-size = 4MiB }
            """).WithFallback(ConfigurationFactory.ParseString(WireSerializer.Hocon));

        private readonly ActorSystem _system = ActorSystem.Create("mqtt", Hocon);
        private readonly SessionSubscriber _session = new("c", isDurable: false);

        public Member()
        {
            Members = new ClusterMembers(new UniqueAddress(
                ((ExtendedActorSystem)_system).Provider.DefaultAddress, AddressUidExtension.Uid(_system)));
            var (retained, access) = (new RetainedGateway(Members.Self.Uid, TimeProvider.System), AccessControl.Open);
            Replicator = ClusterRouting.Start(
                _system, Members, () => Task.CompletedTask, Routes, retained, new MessageRouter(Routes, retained, access, new StoreBacklog(1_000_000)), access,
                new EventLoops([], TimeProvider.System), new ConnectionDirectory(TimeProvider.System));
        }

        public ClusterMembers Members { get; }

        public RouteTable Routes { get; } = new(new DurableSubscribers(), isShared: true);

        public IActorRef Replicator { get; }

        public void Subscribe(string filter)
        {
            if (!TopicFilter.TryParse(filter, out var parsed, out var problem))
            {
                throw new ArgumentException(problem, nameof(filter));
            }

            Routes.Subscribe(_session, parsed!, new SubscriptionOptions(QualityOfService.AtLeastOnce));
        }

        public void Dispose() => _system.Terminate().Wait(TimeSpan.FromSeconds(20));
    }
}
