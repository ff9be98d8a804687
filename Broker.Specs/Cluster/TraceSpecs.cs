using Broker.Specs.Cluster.Harness;
using Broker.Specs.EndToEnd.Harness;
using Broker.Specs.EndToEnd.Management;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.Cluster;

/// <summary>A trace shows a client wherever it is connected, from whichever node is asked.</summary>
[Collection(ClusterCollection.Name)]
public class TraceSpecs(ClusterFixture fixture)
{
    [Fact]
    public async Task A_client_is_followed_from_node_to_node()
    {
        var cluster = await fixture.WholeAsync();
        var clientId = Unique.Name("followed");
        var readers = new List<TraceReader>();
        foreach (var node in cluster.Nodes)
        {
            readers.Add(await TraceReader.BeginAsync(node.Management, new { clientId }, cluster.Nodes.Count, ClusterNode.Token));
        }

        foreach (var node in cluster.Nodes)
        {
            await using var client = await node.Endpoint.ConnectAsync(V5, clientId);
            await client.DisconnectAsync();
        }

        foreach (var reader in readers)
        {
            // Lines of two nodes may come in another order than they happened; those of one node do not.
            var ended = new HashSet<string>();
            var lines = await reader.UntilAsync(line => line.Text("event") == "closed" && ended.Add(line.Text("node")) && ended.Count == cluster.Nodes.Count);
            ended.Should().BeEquivalentTo(cluster.Nodes.Select(node => node.Address));
            lines.Should().OnlyContain(line => line.Text("clientId") == clientId);
            foreach (var node in cluster.Nodes)
            {
                lines.Where(line => line.Text("node") == node.Address).Select(TraceLines.What).Should().ContainInOrder("received CONNECT", "sent CONNACK", "received DISCONNECT", "closed");
            }

            await reader.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_message_is_seen_on_its_way_through_the_cluster()
    {
        var cluster = await fixture.WholeAsync();
        var topic = Unique.Name("way");
        await using var trace = await TraceReader.BeginAsync(cluster.Nodes[2].Management, new { topic }, cluster.Nodes.Count, ClusterNode.Token);
        await using var subscriber = await cluster.Nodes[1].Endpoint.ConnectAsync(V5);
        await subscriber.SubscribeAsync(topic, AtLeastOnce);
        await using var publisher = await cluster.Nodes[0].Endpoint.ConnectAsync(V5);

        await publisher.PublishAsync(topic, "x", AtLeastOnce);

        var seen = new HashSet<string>();
        var lines = await trace.UntilAsync(line => seen.Add(line.What()) && seen.IsSupersetOf(["received PUBLISH", "routed", "sent PUBLISH"]));
        lines.Single(line => line.What() == "sent PUBLISH").Text("node").Should().Be(cluster.Nodes[1].Address);
        lines.Single(line => line.What() == "received PUBLISH").Text("node").Should().Be(cluster.Nodes[0].Address);
        lines.Single(line => line.What() == "routed").Text("reason").Should().EndWith("1 other nodes");
    }
}
