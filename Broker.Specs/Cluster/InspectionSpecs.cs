using System.Net;
using System.Text.Json;
using Broker.Protocol.Packets;
using Broker.Specs.Cluster.Harness;
using Broker.Specs.EndToEnd.Harness;
using Broker.Specs.EndToEnd.Management;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.Cluster;

/// <summary>Whichever node operators ask, they see and reach the whole cluster.</summary>
[Collection(ClusterCollection.Name)]
public class InspectionSpecs(ClusterFixture fixture)
{
    [Fact]
    public async Task Every_node_shows_all_nodes_clients_and_subscriptions()
    {
        var cluster = await fixture.WholeAsync();
        var name = Unique.Name("inspected");
        var clients = new List<RawClient>();
        foreach (var (node, index) in cluster.Nodes.Select((node, index) => (node, index)))
        {
            clients.Add(await node.Endpoint.ConnectAsync(V5, $"{name}-{index}", sessionExpiry: index == 0 ? 300 : null));
            await clients[^1].SubscribeAsync($"{name}/{index}", AtLeastOnce);
        }

        string[] ids = [.. cluster.Nodes.Select((_, index) => $"{name}-{index}")];
        foreach (var node in cluster.Nodes)
        {
            (await KeysAsync(node, "nodes?", "node")).Should().BeEquivalentTo(cluster.Nodes.Select(one => one.Address));
            (await KeysAsync(node, $"clients?contains={name}", "clientId")).Should().Equal(ids);
            (await KeysAsync(node, $"clients?contains={name}", "node")).Should().Equal(cluster.Nodes.Select(one => one.Address));
            (await KeysAsync(node, $"subscriptions?contains={name}", "clientId")).Should().Equal(ids);
            (await GetAsync(node, $"session?id={ids[0]}")).GetProperty("node").GetString().Should().Be(cluster.Nodes[0].Address);
        }

        foreach (var client in clients)
        {
            await client.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_client_of_another_node_is_kicked_and_a_session_ended()
    {
        var cluster = await fixture.WholeAsync();
        var clientId = Unique.Name("kicked");
        await using var client = await cluster.Nodes[2].Endpoint.ConnectPersistentAsync(V5, clientId);

        using (var kicked = await cluster.Nodes[0].SendAsync(HttpMethod.Delete, $"/api/v1/client?id={clientId}"))
        {
            kicked.StatusCode.Should().Be(HttpStatusCode.OK);
        }

        await client.ExpectDisconnectAsync(ReasonCode.AdministrativeAction);
        foreach (var node in cluster.Nodes)
        {
            // The owner of the client id is one of the three: asking each for another session finds one that is not its own.
            var other = Unique.Name("ended");
            await using var session = await cluster.Nodes[1].Endpoint.ConnectPersistentAsync(V5, other);
            using var ended = await node.SendAsync(HttpMethod.Delete, $"/api/v1/session?id={other}");
            ended.StatusCode.Should().Be(HttpStatusCode.OK);
            await session.ExpectDisconnectAsync(ReasonCode.AdministrativeAction);
        }
    }

    [Fact]
    public async Task A_limit_is_changed_on_the_node_that_is_asked_or_on_all()
    {
        var cluster = await fixture.WholeAsync();

        (await SetAsync(cluster.Nodes[1], "127", allNodes: false)).Should().Equal(cluster.Nodes[1].Address);
        (await ValuesAsync()).Should().Equal("128", "127", "128");
        (await SetAsync(cluster.Nodes[2], "128", allNodes: true)).Should().BeEquivalentTo(cluster.Nodes.Select(node => node.Address));
        (await ValuesAsync()).Should().Equal("128", "128", "128");

        static async Task<IEnumerable<string?>> SetAsync(ClusterNode node, string value, bool allNodes)
        {
            using var answer = await node.PutAsync("/api/v1/limits", new { name = "max-topic-levels", value, allNodes });
            answer.StatusCode.Should().Be(HttpStatusCode.OK);
            var change = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
            change.GetProperty("missing").GetArrayLength().Should().Be(0);
            return change.GetProperty("changed").EnumerateArray().Select(node => node.GetString());
        }

        async Task<List<string?>> ValuesAsync()
        {
            var values = new List<string?>();
            foreach (var node in cluster.Nodes)
            {
                values.Add((await GetAsync(node, "limits")).EnumerateArray().Single(row => row.GetProperty("name").GetString() == "max-topic-levels").GetProperty("value").GetString());
            }

            return values;
        }
    }

    [Fact]
    public async Task Metrics_of_the_links_are_as_documented()
    {
        var cluster = await fixture.WholeAsync();
        var topic = Unique.Name("linked");
        await using var subscriber = await cluster.Nodes[1].Endpoint.ConnectAsync(V5);
        await subscriber.SubscribeAsync(topic, AtLeastOnce);
        await using var publisher = await cluster.Nodes[0].Endpoint.ConnectAsync(V5);
        await publisher.PublishAsync(topic, "x", AtLeastOnce);

        var told = Exposition.Parse((await cluster.Nodes[0].GetAsync("/metrics"))!.Value.Body);

        var documented = MetricsDocument.Read().Where(metric => metric.IsOfCluster).ToList();
        documented.Should().NotBeEmpty();
        foreach (var metric in documented)
        {
            told.Types[metric.Name].Should().Be(metric.Type);
            told.LabelsOf(metric.Name).Should().BeEquivalentTo(metric.Labels);
        }

        told.Value("mqtt_link_messages_total", $"peer={cluster.Nodes[1].Address}").Should().BePositive();
        told.Value("mqtt_cluster_members").Should().Be(cluster.Nodes.Count);
    }

    private static async Task<IEnumerable<string?>> KeysAsync(ClusterNode node, string path, string property)
    {
        var page = await GetAsync(node, path);
        page.GetProperty("missing").GetArrayLength().Should().Be(0);
        return page.GetProperty("items").EnumerateArray().Select(row => row.GetProperty(property).GetString());
    }

    private static async Task<JsonElement> GetAsync(ClusterNode node, string path)
    {
        var answer = await node.GetAsync("/api/v1/" + path);
        answer!.Value.Status.Should().Be(HttpStatusCode.OK, answer.Value.Body);
        return JsonDocument.Parse(answer.Value.Body).RootElement;
    }
}
