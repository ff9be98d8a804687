using System.Text;
using Broker.Protocol.Packets;
using Broker.Specs.Cluster.Harness;
using Broker.Specs.Durable.Crash;
using Broker.Specs.EndToEnd.Harness;
using Xunit.Abstractions;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.Cluster;

/// <summary>
/// docs/upgrade.md: nodes are replaced one by one, under load. With <c>test.sh --long</c> all three begin as an earlier commit's build; otherwise one node of this build is
/// replaced by another, which is what an upgrade without a change would be.
/// </summary>
[Collection(ClusterCollection.Name)]
public class RollingUpgradeSpecs(ClusterFixture fixture, ITestOutputHelper output)
{
    private const int WillsOfEachNode = 5;

    [Fact]
    public async Task Loses_nothing_and_refuses_no_will()
    {
        if (!Campaign.IsLong)
        {
            var cluster = await fixture.WholeAsync();
            await UpgradeAsync(cluster, cluster.Nodes.Take(1));
            return;
        }

        await fixture.DisposeAsync();
        await using var earlier = await EarlierRelease.BuildAsync();
        output.WriteLine($"from commit {earlier.Commit}");
        await using var own = await TestCluster.CreateAsync();
        foreach (var node in own.Nodes)
        {
            node.Use(earlier.Program, unknown: "mqtt.management.tokens");
        }

        await own.MakeWholeAsync();
        await UpgradeAsync(own, own.Nodes);
    }

    private async Task UpgradeAsync(TestCluster cluster, IEnumerable<ClusterNode> replaced)
    {
        var (root, wills) = (Unique.Name("upgrade"), new List<string>());
        await using (var witness = await cluster.Endpoint.ConnectPersistentAsync(V5, root))
        {
            await witness.SubscribeAsync(root + "/#", AtLeastOnce);
            await witness.DisconnectAsync(sessionExpiry: 3_600);
        }

        var broken = await new ClusterCampaign(cluster, Campaign.Seed(14), output).RunAsync(async campaign =>
        {
            await LeaveWillsAsync(cluster, root, wills);
            foreach (var node in replaced)
            {
                (await node.StopAsync()).Should().Be(0, "{0}", node.Transcript());
                await campaign.MoveOnAsync(100);
                node.UseThisBuild();
                await cluster.MakeWholeAsync();

                // Some of them where the two versions are side by side.
                await LeaveWillsAsync(cluster, root, wills);
                await campaign.MoveOnAsync(100);
            }
        });
        broken.Should().BeEmpty();

        await using var back = await cluster.Endpoint.ConnectPersistentAsync(V5, root);
        var received = new HashSet<string>();
        while (received.Count < wills.Count)
        {
            received.Add((await back.ReceiveAsync()).Text());
        }

        received.Should().BeEquivalentTo(wills);
        output.WriteLine($"{wills.Count} wills, all published");
    }

    /// <summary>At every node, clients whose client ids have their home on any of them come, and break off.</summary>
    private static async Task LeaveWillsAsync(TestCluster cluster, string root, List<string> wills)
    {
        foreach (var node in cluster.Nodes)
        {
            for (var number = 0; number < WillsOfEachNode; number++)
            {
                var name = Unique.Name("will");
                wills.Add(name);
                await using var client = await node.Endpoint.ConnectAsync(
                    number % 2 == 0 ? V5 : V311, name, will: new WillMessage { Topic = $"{root}/{name}", Payload = Encoding.UTF8.GetBytes(name), QoS = AtLeastOnce });
                await client.CloseAsync();
            }
        }
    }
}
