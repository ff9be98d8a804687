using System.Diagnostics;
using System.Net;
using Broker.Protocol.Packets;
using Broker.Specs.Durable.Crash;
using Broker.Specs.EndToEnd.Harness;
using Xunit.Abstractions;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.EndToEnd.Hostile;

/// <summary>Misbehaving clients of every kind against one node, and a hundred good ones that must not notice.</summary>
[Collection(HostileLoadCollection.Name)]
public sealed class HostileLoadSpecs(ITestOutputHelper output)
{
    private const int Pairs = 50;
    private const double MostTimesSlower = 5;

    /// <summary>
    /// Below it nobody is taken for slow, in ms: the good clients, the bad ones and the broker share the machine, where one that has nothing to do answers within one or two, and five times that
    /// is less than what a busy scheduler lets a thread wait for its turn.
    /// </summary>
    private const double Floor = 10;

    private const long MostPerHostile = 512 * 1_024;
    private const long MostBesides = 192L * 1_024 * 1_024;

    private static readonly int Hostile = Campaign.IsLong ? 2_000 : 200;
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(Campaign.IsLong ? 20 : 2);
    private static readonly TimeSpan Arrival = TimeSpan.FromSeconds(Campaign.IsLong ? 20 : 2);
    private static readonly TimeSpan Attack = TimeSpan.FromSeconds(Campaign.IsLong ? 60 : 4);
    private static readonly TimeSpan Stay = TimeSpan.FromSeconds(Campaign.IsLong ? 5 : 2);

    [Fact]
    public async Task Good_clients_lose_nothing_and_wait_little_longer_and_the_node_comes_to_rest_again()
    {
        await using var broker = await BrokerProcess.StartAsync("mqtt.limits.connect-timeout=2s", "mqtt.listeners.tls.tls.handshake-timeout=2s", "mqtt.limits.max-outbound-buffer=64KiB");
        using var management = new HttpClient { BaseAddress = broker.Management };
        var latencies = new LatencyWindows();
        var pairs = new List<HealthyPair>();
        for (var i = 0; i < Pairs; i++)
        {
            pairs.Add(await HealthyPair.StartAsync(broker.Endpoint, latencies));
        }

        // The first seconds of a node are those of its compiler. Quiet is measured before and after: the machine may have got other work meanwhile.
        await RealTime.PassesAsync(Quiet);
        var (quietBytes, rest) = (broker.ResidentBytes, await NodeAtRest.OfAsync(management) with { Backlog = 0 });
        var before = await PhaseAsync(() => RealTime.PassesAsync(Quiet));
        var (crowd, mostBytes) = (new HostileCrowd(broker.Endpoint, Unique.Name("hostile/feed"), Hostile, Stay), 0L);
        var attack = await PhaseAsync(async () => mostBytes = await AttackAsync(broker, crowd));
        await rest.ExpectAgainAsync(management);
        var restBytes = broker.ResidentBytes;
        var after = await PhaseAsync(() => RealTime.PassesAsync(Quiet));
        var messages = (await Task.WhenAll(pairs.Select(pair => pair.FinishAsync()))).Sum();
        foreach (var pair in pairs)
        {
            await pair.DisposeAsync();
        }

        var (quiet, attacked) = (Math.Max(latencies.Typical(before), latencies.Typical(after)), latencies.Typical(attack));
        output.WriteLine($"{Hostile} bad clients made {crowd.Tried.Values.Sum()} connections; {messages} messages of 100 good clients, none lost");
        output.WriteLine($"p99 (median of the seconds'), ms: before {latencies.Typical(before):0.0}, attacked {attacked:0.0}, after {latencies.Typical(after):0.0}");
        output.WriteLine($"p99 of all messages of the phase, ms: before {latencies.Whole(before):0.0}, attacked {latencies.Whole(attack):0.0}, after {latencies.Whole(after):0.0}");
        output.WriteLine($"resident: quiet {quietBytes >> 20} MiB, at most {mostBytes >> 20} MiB, at rest again {restBytes >> 20} MiB");
        crowd.Problems.GroupBy(problem => problem).Select(problem => $"{problem.Count()} times {problem.Key}").Should().BeEmpty();
        crowd.Tried.Should().HaveCount(Misbehaviours.All.Count).And.OnlyContain(kind => kind.Value >= Hostile / Misbehaviours.All.Count);
        attacked.Should().BeLessThanOrEqualTo(MostTimesSlower * Math.Max(quiet, Floor));
        mostBytes.Should().BeLessThan(quietBytes + MostBesides + (Hostile * MostPerHostile));
        restBytes.Should().BeLessThan(quietBytes + MostBesides);
        (await broker.ProbeAsync()).Should().Be(HttpStatusCode.OK);
        broker.Output.Should().NotContain(line => line.Contains("Exception") || line.Contains("A fault"), "what clients send is no surprise to the broker");
    }

    private static async Task<Phase> PhaseAsync(Func<Task> phase)
    {
        var from = Stopwatch.GetTimestamp();
        await phase();
        return new Phase(from, Stopwatch.GetTimestamp());
    }

    /// <summary>Answers the most memory that was resident meanwhile, in bytes.</summary>
    private static async Task<long> AttackAsync(BrokerProcess broker, HostileCrowd crowd)
    {
        using var end = new CancellationTokenSource(Attack);
        var attack = crowd.AttackAsync(Arrival, end.Token);
        var mostBytes = 0L;
        await using var feeder = await broker.Endpoint.ConnectAsync(V5);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var text = new string('x', 4_000); !attack.IsCompleted;)
        {
            await feeder.PublishAsync(crowd.Feed, text, AtMostOnce);
            await feeder.PublishAsync(crowd.Feed, text, AtLeastOnce);
            mostBytes = Math.Max(mostBytes, broker.ResidentBytes);
            await pace.WaitForNextTickAsync();
        }

        await attack;
        await feeder.DisconnectAsync();
        return mostBytes;
    }
}
