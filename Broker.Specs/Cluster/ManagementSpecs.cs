using System.Net;
using System.Text.Json;
using Broker.Specs.Cluster.Harness;

namespace Broker.Specs.Cluster;

/// <summary>What operators see, with Akka.Management's paths and names.</summary>
[Collection(ClusterCollection.Name)]
public class ManagementSpecs(ClusterFixture fixture)
{
    [Fact]
    public async Task Every_node_shows_the_members()
    {
        var cluster = await fixture.WholeAsync();
        string[] all = [.. cluster.Nodes.Select(node => node.Address)];
        foreach (var node in cluster.Nodes)
        {
            var view = await node.MembersAsync();

            view!.SelfNode.Should().Be(node.Address);
            view.Members.Select(member => member.Node).Should().BeEquivalentTo(all);
            view.Members.Should().OnlyContain(member => member.Status == "Up" && member.NodeUid.Length > 0);
            view.Unreachable.Should().BeEmpty();
            view.Leader.Should().BeOneOf(all);
            view.Oldest.Should().Be((await node.HaAsync())!.Primary);
        }
    }

    [Fact]
    public async Task A_member_is_found_by_its_address_and_others_are_not_there()
    {
        var cluster = await fixture.WholeAsync();
        var (asked, other) = (cluster.Nodes[0], cluster.Nodes[1]);

        foreach (var address in (string[])[other.Address, other.Address["akka.tcp://".Length..], Uri.EscapeDataString(other.Address)])
        {
            var answer = await asked.GetAsync("/cluster/members/" + address);
            answer!.Value.Status.Should().Be(HttpStatusCode.OK, address);
            JsonDocument.Parse(answer.Value.Body).RootElement.GetProperty("node").GetString().Should().Be(other.Address);
        }

        (await asked.GetAsync("/cluster/members/akka.tcp://mqtt@192.0.2.1:4053"))!.Value.Status.Should().Be(HttpStatusCode.NotFound);
        using var wrong = await asked.SendAsync(HttpMethod.Put, "/cluster/members/" + other.Address, ("operation", "Dance"));
        wrong.StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Shards_are_listed_by_region()
    {
        var cluster = await fixture.WholeAsync();
        await using var client = await cluster.Endpoint.ConnectPersistentAsync(Broker.Protocol.Packets.ProtocolVersion.V5, EndToEnd.Harness.Unique.Name("shards"));

        var entities = 0;
        foreach (var node in cluster.Nodes)
        {
            var answer = await node.GetAsync("/cluster/shards/session");
            answer!.Value.Status.Should().Be(HttpStatusCode.OK);
            entities += JsonDocument.Parse(answer.Value.Body).RootElement.GetProperty("regions").EnumerateArray().Sum(shard => shard.GetProperty("numEntities").GetInt32());
        }

        entities.Should().BePositive();
        (await cluster.Nodes[0].GetAsync("/cluster/shards/nothing"))!.Value.Status.Should().Be(HttpStatusCode.NotFound);
    }
}
