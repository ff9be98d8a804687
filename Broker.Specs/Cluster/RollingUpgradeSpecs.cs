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
/// docs/upgrade.md: nodes are replaced one by one. With <c>test.sh --long</c> under load, and all three begin as an earlier commit's build; otherwise one node of this build is
/// replaced by another and only wills are looked at, since <see cref="LeavingSpecs"/> has the load.
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
            await WithWillsAsync(cluster, leave => ReplaceAsync(cluster, cluster.Nodes.Take(1), leave, static () => Task.CompletedTask));
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
        await WithWillsAsync(own, async leave =>
        {
            var broken = await new ClusterCampaign(own, Campaign.Seed(14), output).RunAsync(campaign => ReplaceAsync(own, own.Nodes, leave, () => campaign.MoveOnAsync(100)));
            broken.Should().BeEmpty();
        });
    }

    /// <summary>Some of the wills are left where two versions are side by side.</summary>
    private static async Task ReplaceAsync(TestCluster cluster, IEnumerable<ClusterNode> nodes, Func<Task> leaveWills, Func<Task> moveOn)
    {
        await leaveWills();
        foreach (var node in nodes)
        {
            (await node.StopAsync()).Should().Be(0, "{0}", node.Transcript());
            await moveOn();
            node.UseThisBuild();
            await cluster.MakeWholeAsync();
            await leaveWills();
            await moveOn();
        }
    }

    /// <summary>Everyone's will that is left meanwhile must be published.</summary>
    private async Task WithWillsAsync(TestCluster cluster, Func<Func<Task>, Task> upgrade)
    {
        var (root, wills) = (Unique.Name("upgrade"), new List<string>());
        await using (var witness = await cluster.Endpoint.ConnectPersistentAsync(V5, root))
        {
            await witness.SubscribeAsync(root + "/#", AtLeastOnce);
            await witness.DisconnectAsync(sessionExpiry: 3_600);
        }

        await upgrade(() => LeaveWillsAsync(cluster, root, wills));

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
