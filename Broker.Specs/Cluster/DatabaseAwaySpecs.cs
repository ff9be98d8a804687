using System.Net;
using Broker.Protocol.Packets;
using Broker.Specs.Cluster.Harness;
using Broker.Specs.EndToEnd.Harness;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.Cluster;

/// <summary>No node has the database: a load balancer that took all of them out would end what goes on without it.</summary>
[Collection(ClusterCollection.Name)]
public class DatabaseAwaySpecs(ClusterFixture fixture)
{
    [Fact]
    public async Task Nodes_that_have_all_lost_it_say_so_and_go_on_and_all_are_there_when_it_comes_back()
    {
        var cluster = await fixture.WholeAsync();
        var topic = Unique.Name("away");
        await using var durable = await cluster.Nodes[2].Endpoint.ConnectPersistentAsync(V5, Unique.Name("away"));
        await durable.SubscribeAsync($"{topic}/durable", AtLeastOnce);
        await using var live = await cluster.Nodes[0].Endpoint.ConnectAsync(V311);
        await live.SubscribeAsync($"{topic}/live", AtLeastOnce);
        await using var publisher = await cluster.Nodes[1].Endpoint.ConnectAsync(V5);
        await using var other = await cluster.Nodes[2].Endpoint.ConnectAsync(V5);
        var members = (await cluster.Nodes[0].MembersAsync())!.Members.Select(member => member.NodeUid).ToList();

        await cluster.Database.StopAsync();
        try
        {
            await publisher.SendAsync(new PublishPacket { Topic = $"{topic}/durable", QoS = AtLeastOnce, PacketId = 77, Payload = "kept"u8.ToArray() });
            foreach (var node in cluster.Nodes)
            {
                await cluster.UntilAsync(() => AnswersAsync(node, (HttpStatusCode.OK, "degraded")), $"node {node.Place.Number} should be ready but degraded");
            }

            await other.PublishAsync($"{topic}/live", "goes on", AtLeastOnce);
            (await live.ReceiveAsync()).Text().Should().Be("goes on");
            await durable.ExpectNothingAsync();
            await using var newcomer = await RawClient.OpenAsync(cluster.Nodes[0].Endpoint, V5);
            await newcomer.SendAsync(new ConnectPacket { Version = V5, ClientId = Unique.Name("away") });
            (await newcomer.ExpectAsync<ConnAckPacket>()).ReasonCode.Should().Be(ReasonCode.ServerUnavailable, "another node may have made a session of this id");
        }
        finally
        {
            await cluster.Database.StartAsync();
        }

        (await publisher.ExpectEventuallyAsync<PubAckPacket>()).PacketId.Should().Be(77);
        (await durable.ReceiveAsync()).Text().Should().Be("kept");
        await cluster.UntilAsync(cluster.IsWholeAsync, "all should be ready again");
        (await cluster.Nodes[0].MembersAsync())!.Members.Select(member => member.NodeUid).Should().BeEquivalentTo(members, "no node had to start anew");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Where_a_node_dies_together_with_it_the_others_hold_their_clients_and_go_on_once_it_is_back(bool isKnownDead)
    {
        var cluster = await fixture.WholeAsync();
        var survivors = cluster.Nodes.Take(2).ToArray();
        var topic = Unique.Name("both");
        var expected = isKnownDead ? (HttpStatusCode.OK, "degraded") : (HttpStatusCode.ServiceUnavailable, "neither every member nor the registry is reached");
        await using var client = await survivors[0].Endpoint.ConnectPersistentAsync(V5, Unique.Name("both"));
        await client.SubscribeAsync(topic, AtLeastOnce);
        var members = (await survivors[0].MembersAsync())!.Members.Where(member => survivors.Any(node => node.Address == member.Node)).Select(member => member.NodeUid).ToList();

        await cluster.Database.StopAsync();
        try
        {
            // Where its port refuses connections nobody has to be asked whether it is alive. Where it stands still nobody can say: what if it served on, as the others do?
            // In both cases nothing of it can be taken over.
            if (isKnownDead)
            {
                await cluster.Nodes[2].KillAsync();
            }
            else
            {
                cluster.Nodes[2].Freeze();
            }

            foreach (var node in survivors)
            {
                await cluster.UntilAsync(() => AnswersAsync(node, expected), $"node {node.Place.Number} should answer {expected}");
            }
        }
        finally
        {
            await cluster.Database.StartAsync();
        }

        await cluster.UntilAsync(() => TestCluster.AreTogetherAsync(survivors), "the two should go on by themselves");
        (await survivors[0].MembersAsync())!.Members.Select(member => member.NodeUid).Should().BeEquivalentTo(members, "nobody was downed for want of the arbiter (hard case 7)");
        await client.PublishAsync(topic, "goes on", AtLeastOnce);
        (await client.ReceiveTextsAsync(1)).Should().Equal("goes on");
    }

    private static async Task<bool> AnswersAsync(ClusterNode node, (HttpStatusCode Status, string Says) expected) =>
        await node.GetAsync("/ready") is var (status, body) && status == expected.Status && body.Contains(expected.Says, StringComparison.Ordinal);
}
