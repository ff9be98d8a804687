using System.Net;
using Broker.Protocol.Packets;
using Broker.Specs.Cluster.Harness;
using Broker.Specs.Durable.Crash;
using Broker.Specs.EndToEnd.Harness;
using Xunit.Abstractions;
using static Broker.Protocol.Packets.ProtocolVersion;

namespace Broker.Specs.Cluster;

/// <summary>A node that goes loses nobody (promise 8).</summary>
[Collection(ClusterCollection.Name)]
public class LeavingSpecs(ClusterFixture fixture, ITestOutputHelper output)
{
    [Fact]
    public async Task A_node_that_is_stopped_is_not_ready_first_then_moves_its_clients_then_ends()
    {
        var cluster = await fixture.WholeAsync();
        var leaving = cluster.Nodes[0];
        await using var version5 = await leaving.Endpoint.ConnectAsync(V5);
        await using var version3 = await leaving.Endpoint.ConnectAsync(V311);

        leaving.Terminate();
        await cluster.UntilAsync(async () => await leaving.ProbeAsync() == HttpStatusCode.ServiceUnavailable, "it should not be ready");
        (await version5.AnswersAsync()).Should().BeTrue("clients are served until the load balancer has noticed");

        var farewell = await version5.ExpectAsync<DisconnectPacket>();
        (farewell.ReasonCode, farewell.ServerReference).Should().Be((ReasonCode.UseAnotherServer, "others.example.org"), "mqtt.redirect.server-reference says so");
        await version5.ExpectCloseAsync();
        await version3.ExpectCloseAsync();
        (await leaving.WaitForExitAsync()).Should().Be(0);
        await cluster.UntilAsync(() => TestCluster.AreTogetherAsync([.. cluster.Nodes.Skip(1)]), TimeSpan.FromSeconds(5), "the others should have let it go");
    }

    [Theory]
    [InlineData("DELETE", true)]
    [InlineData("PUT", false)]
    public async Task A_node_is_told_to_leave_by_itself_or_another_and_its_process_ends(string method, bool byItself)
    {
        var cluster = await fixture.WholeAsync();
        var (leaving, asked) = (cluster.Nodes[1], cluster.Nodes[byItself ? 1 : 2]);
        await using var client = await leaving.Endpoint.ConnectAsync(V5);

        using var answer = await asked.SendAsync(
            HttpMethod.Parse(method), "/cluster/members/" + leaving.Address, method == "PUT" ? [("operation", "Leave")] : []);

        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync()).Should().Be($$"""{"message":"Leaving {{leaving.Address}}"}""");
        await client.ExpectDisconnectAsync(ReasonCode.UseAnotherServer);
        (await leaving.WaitForExitAsync()).Should().Be(0);
    }

    [Fact]
    public async Task A_second_signal_ends_it_at_once()
    {
        var cluster = await fixture.WholeAsync();
        var leaving = cluster.Nodes[2];
        await using var client = await leaving.Endpoint.ConnectAsync(V5);
        leaving.Terminate();
        await cluster.UntilAsync(async () => await leaving.ProbeAsync() == HttpStatusCode.ServiceUnavailable, "it should not be ready");
        await RealTime.PassesAsync(TimeSpan.FromMilliseconds(300));

        leaving.Terminate();

        (await leaving.WaitForExitAsync()).Should().Be(1);
        (await client.NextAsync()).Should().BeNull("nobody was told anything");
    }

    [Fact]
    public async Task Of_nodes_that_are_told_to_go_at_once_one_drains_at_a_time()
    {
        var cluster = await fixture.WholeAsync();
        ClusterNode[] leaving = [cluster.Nodes[0], cluster.Nodes[1]];
        Array.ForEach(leaving, node => node.Terminate());

        // Until the first has gone the second serves clients.
        await cluster.UntilAsync(() => Task.FromResult(leaving.Any(node => !node.IsRunning)), "one should have gone");
        var second = leaving.Single(node => node.IsRunning);
        (await second.WaitForExitAsync()).Should().Be(0);
        second.Transcript().Should().Contain("waits until no other node does");
        leaving.Select(node => node.Transcript()).Should().Contain(text => text.Contains("Not ready any more"));
    }

    [Fact]
    public async Task A_rolling_restart_under_load_loses_nothing()
    {
        var cluster = await fixture.WholeAsync();
        var broken = await new ClusterCampaign(cluster, Campaign.Seed(13), output).RunAsync(async campaign =>
        {
            for (var round = 0; round < Repetitions.Of(usual: 1, @long: 5); round++)
            {
                foreach (var node in cluster.Nodes)
                {
                    (await node.StopAsync()).Should().Be(0);
                    await campaign.MoveOnAsync(50);
                    await cluster.MakeWholeAsync();
                    await campaign.MoveOnAsync(50);
                }
            }
        });
        broken.Should().BeEmpty();
    }
}
