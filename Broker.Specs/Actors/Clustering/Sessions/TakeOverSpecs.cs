using Broker.Protocol.Packets;

namespace Broker.Specs.Actors.Clustering.Sessions;

/// <summary>One live connection per client id in the cluster (promise 1), whatever becomes of the nodes (hard cases 2, 9).</summary>
public class TakeOverSpecs
{
    [Fact]
    public async Task A_client_that_connects_elsewhere_takes_its_session_along()
    {
        await using var cluster = await SessionCluster.StartAsync(3);
        var first = await cluster.ConnectAsync(cluster.Nodes[0], "c");

        var second = await cluster.ConnectAsync(cluster.Nodes[1], "c");

        second.SessionPresent.Should().BeTrue();
        await cluster.UntilAsync(() => first.Channel.IsClosed, "the first is closed");
        first.Disconnected.Should().Be(ReasonCode.SessionTakenOver);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3_600)]
    public async Task Of_many_that_connect_at_once_on_all_nodes_exactly_one_stays(int expiry)
    {
        await using var cluster = await SessionCluster.StartAsync(3);
        var clients = Enumerable.Range(0, 30).Select(number => cluster.Open(cluster.Nodes[number % 3], "c", (uint)expiry)).ToList();

        await cluster.UntilAsync(
            () => clients.Count(client => client.Channel.IsClosed) == clients.Count - 1 && clients.Count(client => client.IsConnected) == 1,
            "one stays");

        var last = clients.Single(client => client.IsConnected);
        var next = await cluster.ConnectAsync(cluster.Nodes[(clients.IndexOf(last) + 1) % 3], "c", (uint)expiry);
        await cluster.UntilAsync(() => last.Channel.IsClosed && next.IsConnected, "the next takes over");
    }

    [Fact]
    public async Task A_live_client_whose_guard_died_is_still_the_one_that_the_next_takes_over_from()
    {
        await using var cluster = await SessionCluster.StartAsync(3);
        var (node, home, other) = (cluster.Nodes[1], cluster.Nodes[0], cluster.Nodes[2]);
        var first = await cluster.ConnectAsync(node, home, expiry: 0);
        await cluster.KillAsync(home);

        var second = await cluster.ConnectAsync(other, first.Connection.ClientId, expiry: 0);

        await cluster.UntilAsync(() => first.Channel.IsClosed, "the first is closed");
        first.Disconnected.Should().Be(ReasonCode.SessionTakenOver);
        second.IsConnected.Should().BeTrue();
    }

    [Fact]
    public async Task A_client_of_a_dead_node_is_let_in_elsewhere_once_that_node_is_removed_and_its_will_is_sent_once()
    {
        await using var cluster = await SessionCluster.StartAsync(3);
        var will = new WillMessage { Topic = "w", Payload = new byte[] { 1 }, QoS = QualityOfService.AtLeastOnce };
        var dying = cluster.Nodes[2];
        var clients = new List<SessionClient>();
        foreach (var number in Enumerable.Range(0, 6))
        {
            clients.Add(await cluster.ConnectAsync(dying, $"will-{number}", 60, will));
        }

        await cluster.KillAsync(dying);
        foreach (var client in clients)
        {
            var again = await cluster.ConnectAsync(cluster.Nodes[0], client.Connection.ClientId, 60);
            again.SessionPresent.Should().BeTrue();
        }

        int Wills() => cluster.Nodes.Sum(node => node.Wills.Count);
        Wills().Should().BeLessThanOrEqualTo(clients.Count);
        Wills().Should().BeGreaterThan(0);
    }
}
