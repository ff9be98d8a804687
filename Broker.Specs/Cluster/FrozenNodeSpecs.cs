using Broker.Specs.Cluster.Harness;
using Broker.Specs.EndToEnd.Harness;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.Cluster;

/// <summary>A node that stands still: for a moment it stays a member; for longer it is removed, and finds that out when it wakes (hard case 1).</summary>
[Collection(ClusterCollection.Name)]
public class FrozenNodeSpecs(ClusterFixture fixture)
{
    [Fact]
    public async Task A_pause_of_three_seconds_removes_nobody()
    {
        var cluster = await fixture.WholeAsync();
        var uid = await UidAsync(cluster, cluster.Nodes[1]);
        await using var client = await cluster.Nodes[1].Endpoint.ConnectAsync(V5);

        cluster.Nodes[1].Freeze();
        await RealTime.PassesAsync(TimeSpan.FromSeconds(3));
        cluster.Nodes[1].Thaw();

        await cluster.UntilAsync(cluster.IsWholeAsync, "the node should be a member as before");
        (await UidAsync(cluster, cluster.Nodes[1])).Should().Be(uid, "it is the same incarnation");
        (await client.AnswersAsync()).Should().BeTrue("its clients stay");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_node_that_wakes_after_its_removal_drops_its_clients_and_joins_again(bool isPrimary)
    {
        var cluster = await fixture.WholeAsync();
        var primary = await cluster.PrimaryAsync();
        var frozen = isPrimary ? primary : cluster.Nodes.First(node => node != primary);
        var others = cluster.Nodes.Where(node => node != frozen).ToList();
        var (live, stored, topic) = (Unique.Name("frozen"), Unique.Name("frozen"), Unique.Name("frozen"));
        await using var oldLive = await frozen.Endpoint.ConnectAsync(V5, live);
        await using var oldStored = await frozen.Endpoint.ConnectPersistentAsync(V5, stored);
        await oldStored.SubscribeAsync(topic, AtLeastOnce);

        frozen.Freeze();
        await cluster.UntilAsync(() => TestCluster.AreTogetherAsync(others), "the others should go on without the frozen node");
        if (Repetitions.Of(usual: 0, @long: 1) == 1)
        {
            await RealTime.PassesAsync(TimeSpan.FromSeconds(30));
        }

        await using var newLive = await others[0].Endpoint.ConnectAsync(V5, live);
        await using var newStored = await others[1].Endpoint.ConnectPersistentAsync(V5, stored);
        newStored.ConnAck.SessionPresent.Should().BeTrue();
        frozen.Thaw();

        await oldLive.ExpectCloseAsync();
        await oldStored.ExpectCloseAsync();
        await newLive.PublishAsync(topic, "once", AtLeastOnce);
        (await newStored.ReceiveAsync()).Text().Should().Be("once");
        await cluster.UntilAsync(cluster.IsWholeAsync, "the node should have joined again");
        (await newLive.AnswersAsync()).Should().BeTrue();
        await newStored.ExpectNothingAsync();
    }

    private static async Task<string> UidAsync(TestCluster cluster, ClusterNode of) =>
        (await cluster.Nodes[0].MembersAsync())!.Members.Single(member => member.Node == of.Address).NodeUid;
}
