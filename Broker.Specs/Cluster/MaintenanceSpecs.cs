using Broker.Specs.Cluster.Harness;
using Broker.Specs.Durable.Crash;
using Broker.Specs.EndToEnd.Harness;
using Broker.Specs.Node.Azure;
using Xunit.Abstractions;
using static Broker.Protocol.Packets.ProtocolVersion;

namespace Broker.Specs.Cluster;

/// <summary>Azure takes one of three machines away, behind a load balancer that probes as Azure's does: <c>/ready</c> every 5 s, out after two failures. Nobody else is told.</summary>
[Collection(ClusterCollection.Name)]
public class MaintenanceSpecs(ITestOutputHelper output)
{
    private const int Clients = 30;

    [Fact]
    public async Task A_machine_that_is_taken_away_costs_no_message_and_no_client_more_than_one_reconnect()
    {
        using var azure = new MetadataServer();
        await using var cluster = await TestCluster.CreateAsync(
            probeInterval: "5s", "mqtt.drain.wait=12s", "mqtt.azure.scheduled-events=on", $"mqtt.azure.metadata-address=\"{azure.Address}\"", "mqtt.azure.poll-interval=100ms");
        var leaving = cluster.Nodes[2];

        // The other two are no machines of Azure's: one server tells about one machine.
        Array.ForEach([cluster.Nodes[0], cluster.Nodes[1]], node => node.Use(AppContext.BaseDirectory, unknown: "mqtt.azure."));
        await cluster.MakeWholeAsync();
        await cluster.UntilAsync(
            () => Task.FromResult(cluster.Nodes.All(node => cluster.Endpoint.Transcript().Contains($"Server mqtt/node{node.Place.Number} is UP", StringComparison.Ordinal))),
            "the load balancer should have found all nodes");
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var clients = Enumerable.Range(0, Clients).Select(_ => DisconnectsAsync(cluster.Endpoint, Unique.Name("quiet"), over.Task)).ToArray();

        var broken = await new ClusterCampaign(cluster, Campaign.Seed(17), output).RunAsync(async campaign =>
        {
            azure.Tell(MetadataServer.Event("Terminate", TimeSpan.FromMinutes(5)));
            (await leaving.WaitForExitAsync()).Should().Be(0);
            await campaign.MoveOnAsync(100);
        });

        over.SetResult();
        var disconnects = await Task.WhenAll(clients).WaitAsync(Deadline.ForPrograms);
        output.WriteLine($"{disconnects.Sum()} of {Clients} clients were on the machine");
        disconnects.Should().OnlyContain(count => count <= 1).And.Contain(1);
        broken.Should().BeEmpty();
        (await azure.Approved.WaitAsync(Deadline.ForPackets)).Should().Contain("Terminate-1");
    }

    private static async Task<int> DisconnectsAsync(BrokerEndpoint balancer, string clientId, Task over)
    {
        for (var disconnects = 0; ; disconnects++)
        {
            await using var client = await balancer.ConnectPersistentAsync(V5, clientId);
            while (!client.IsClosed)
            {
                if (over.IsCompleted)
                {
                    return disconnects;
                }

                await RealTime.PassesAsync(TimeSpan.FromMilliseconds(100));
            }
        }
    }
}
