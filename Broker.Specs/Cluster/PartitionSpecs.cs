using System.Net;
using Broker.Specs.Cluster.Harness;
using Broker.Specs.Durable.Crash;
using Broker.Specs.EndToEnd.Harness;
using Xunit.Abstractions;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.Cluster;

/// <summary>Links that fail: one side goes on, the other stops serving before it is taken over, and comes back when the links do (promise 7).</summary>
[Collection(PartitionCollection.Name)]
public class PartitionSpecs(PartitionFixture fixture, ITestOutputHelper output)
{
    private const string WaitsToJoin = "This node waits before it joins: it does not reach";

    /// <summary>The losing side answers 503 by then.</summary>
    private static readonly TimeSpan StopsWithin = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_node_cut_off_from_both_others_stops_serving_and_they_go_on(int minority)
    {
        var cluster = await fixture.WholeAsync();
        var lost = cluster.Nodes[minority - 1];
        var kept = cluster.Nodes.Where(node => node != lost).ToList();
        var clientId = Unique.Name("minority");
        await using var stranded = await lost.Endpoint.ConnectAsync(V5, clientId);

        foreach (var node in kept)
        {
            await cluster.Network.CutAsync(minority, node.Place.Number);
        }

        var stopped = await StopsServingAsync(cluster, lost);
        var alone = await cluster.UntilAsync(() => TestCluster.AreTogetherAsync(kept), "the majority should go on by itself");
        await using var elsewhere = await kept[0].Endpoint.ConnectAsync(V5, clientId);
        await stranded.ExpectCloseAsync();
        output.WriteLine($"503 after {stopped.TotalSeconds:0.0} s, the majority by itself {alone.TotalSeconds:0.0} s later");

        await HealAsync(cluster, lost);
        (await elsewhere.AnswersAsync()).Should().BeTrue("the client that the majority took over stays");
    }

    [Fact]
    public async Task Of_two_equal_halves_exactly_one_goes_on()
    {
        var cluster = await fixture.WholeAsync();
        (await cluster.Nodes[2].StopAsync()).Should().Be(0);
        ClusterNode[] halves = [cluster.Nodes[0], cluster.Nodes[1]];
        await cluster.UntilAsync(() => TestCluster.AreTogetherAsync(halves), "two should go on");

        var clientId = Unique.Name("halves");
        await using var onFirst = await halves[0].Endpoint.ConnectAsync(V5, clientId + "-1");
        await using var onSecond = await halves[1].Endpoint.ConnectAsync(V5, clientId + "-2");

        await cluster.Network.CutAsync(1, 2);

        ClusterNode? winner = null;
        await cluster.UntilAsync(
            async () =>
            {
                foreach (var half in halves)
                {
                    if (winner is null && await TestCluster.AreTogetherAsync([half]))
                    {
                        winner = half;
                    }
                }

                return winner is not null;
            },
            "one of them should go on alone");
        var loser = halves.Single(half => half != winner);
        var (lost, kept) = loser == halves[0] ? (onFirst, onSecond) : (onSecond, onFirst);

        // CONNACK waits until the other half serves nobody any more (hard case 9).
        await using var takenOver = await winner!.Endpoint.ConnectAsync(V5, loser == halves[0] ? clientId + "-1" : clientId + "-2");
        (await loser.ProbeAsync()).Should().Be(HttpStatusCode.ServiceUnavailable, "the loser has stopped before it was taken over");
        await lost.ExpectCloseAsync();
        (await kept.AnswersAsync()).Should().BeTrue("nothing happened to the winner's clients");
        await HealAsync(cluster, loser);
    }

    [Fact]
    public async Task Where_one_link_is_cut_both_ends_stop_serving_and_the_third_node_goes_on()
    {
        var cluster = await fixture.WholeAsync();
        await using var client = await cluster.Nodes[2].Endpoint.ConnectAsync(V5);
        var before = cluster.Nodes.ToDictionary(static node => node, static node => node.Printed(WaitsToJoin));
        await cluster.Network.CutAsync(1, 2);

        // Either could be the one that is removed: each must be silent before the other may take over.
        await Task.WhenAll(StopsServingAsync(cluster, cluster.Nodes[0]), StopsServingAsync(cluster, cluster.Nodes[1]));
        await cluster.UntilAsync(cluster.Nodes[2].IsReadyAsync, StopsWithin, "node 3 should serve");

        // One of them joins again; the other would have both downed anew, and waits for as long as the link is cut.
        await cluster.UntilAsync(
            async () =>
            {
                foreach (var waiting in cluster.Nodes.Take(2).Where(node => node.Printed(WaitsToJoin) > before[node]))
                {
                    if (await TestCluster.AreTogetherAsync([.. cluster.Nodes.Where(node => node != waiting)]))
                    {
                        return true;
                    }
                }

                return false;
            },
            "node 3 and one end of the link should be a cluster, and the other end should say why it waits");
        (await client.AnswersAsync()).Should().BeTrue("nothing happened to node 3");
        await HealAsync(cluster, lost: null);
    }

    [Fact]
    public async Task A_node_cut_off_from_the_database_alone_stops_serving_and_comes_back_with_it()
    {
        var cluster = await fixture.WholeAsync();
        await cluster.Network.CutFromDatabaseAsync(2);

        await cluster.UntilAsync(
            async () => await cluster.Nodes[1].ProbeAsync() == HttpStatusCode.ServiceUnavailable,
            TimeSpan.FromSeconds(25),
            "node 2 should not be ready");

        // Until then it refuses the clients whose sessions it has, wherever they connect: they would come again.
        await cluster.UntilAsync(() => TestCluster.AreTogetherAsync([cluster.Nodes[0], cluster.Nodes[2]]), "node 2 should have left the other two");
        await using var client = await cluster.Endpoint.ConnectPersistentAsync(V5, Unique.Name("database"));
        await client.SubscribeAsync("database", AtLeastOnce);
        await HealAsync(cluster, lost: null);
    }

    [Fact]
    public async Task Nothing_acknowledged_is_lost_over_partitions_under_load()
    {
        var cluster = await fixture.WholeAsync();
        var broken = await new ClusterCampaign(cluster, Campaign.Seed(12), output).RunAsync(async campaign =>
        {
            for (var round = 0; round < Repetitions.Of(usual: 1, @long: 10); round++)
            {
                await cluster.Network.CutAsync(1 + (round % 3), 1 + ((round + 1) % 3));
                await cluster.Network.CutAsync(1 + (round % 3), 1 + ((round + 2) % 3));
                await StopsServingAsync(cluster, cluster.Nodes[round % 3]);
                await campaign.MoveOnAsync(100);
                await cluster.MakeWholeAsync();
                await campaign.MoveOnAsync(100);
            }
        });
        broken.Should().BeEmpty();
    }

    private static Task<TimeSpan> StopsServingAsync(TestCluster cluster, ClusterNode node) => cluster.UntilAsync(
        async () => await node.ProbeAsync() == HttpStatusCode.ServiceUnavailable, StopsWithin, $"node {node.Place.Number} should answer 503");

    private static async Task HealAsync(TestCluster cluster, ClusterNode? lost)
    {
        (lost?.IsRunning).Should().NotBe(false, "its process stays");
        await cluster.MakeWholeAsync();
    }
}
