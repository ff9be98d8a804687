using Broker.Actors.Routing;
using Broker.Protocol.Packets;
using Broker.Specs.Actors.Connections;

namespace Broker.Specs.Actors.Clustering.Sessions;

/// <summary>The entity of a session moves or dies, and the client notices nothing (hard cases 2, 4, 5).</summary>
public class AdoptionSpecs
{
    private const int Messages = 120;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Messages_to_a_client_go_on_when_the_node_of_its_session_dies_or_leaves(bool dies)
    {
        await using var cluster = await SessionCluster.StartAsync(3);
        var (node, home, publisher) = (cluster.Nodes[1], cluster.Nodes[2], cluster.Nodes[0]);
        var client = await cluster.ConnectAsync(node, home);
        var pending = new List<PendingPublish>();
        for (var number = 1; number <= Messages; number++)
        {
            var qos = number % 3 == 0 ? 2 : 1;
            pending.Add(cluster.Publish(publisher, client.Connection.ClientId, $"{number}", qos, qos == 2 ? new MessageId(9, number) : default));
            if (number == Messages / 3)
            {
                await cluster.UntilAsync(() => client.Received.Count >= Messages / 6, "some have come");
                if (dies)
                {
                    await cluster.KillAsync(home);
                }
                else
                {
                    _ = home.Cluster.LeaveAsync();
                }
            }

            if (number % 10 == 0)
            {
                await cluster.UntilAsync(static () => true, "everyone has had a turn");
            }
        }

        await cluster.UntilAsync(() => pending.TrueForAll(one => one.IsComplete), "all are taken");
        await cluster.UntilAsync(() => client.Received.Distinct().Count() == Messages, "all have come");

        pending.Should().OnlyContain(one => one.ReasonCode == ReasonCode.Success);
        (client.ConnAcks, client.Disconnected, client.IsConnected).Should().Be((1, null, true));
        Order(client.Received, static number => number % 3 != 0).Should().BeInAscendingOrder();
        client.Received.Select(int.Parse).Where(static number => number % 3 == 0).Should().Equal(
            Enumerable.Range(1, Messages).Where(static number => number % 3 == 0), "QoS 2 is exactly once and in order");
        cluster.Nodes.Sum(one => one.Services.NotAdopted).Should().Be(0);
    }

    [Fact]
    public async Task QoS_2_publishes_of_a_client_go_on_when_the_node_of_its_session_dies()
    {
        await using var cluster = await SessionCluster.StartAsync(3);
        var (node, home) = (cluster.Nodes[1], cluster.Nodes[2]);
        var client = await cluster.ConnectAsync(node, home);
        var subscriber = await cluster.ConnectAsync(node, "subscriber", expiry: 0);
        node.Context.Routes.Subscribe(
            Subscriber(subscriber), Broker.Specs.Actors.Routing.Filters.Of("t"), new SubscriptionOptions(QualityOfService.AtMostOnce));
        for (ushort packetId = 1; packetId <= 60; packetId++)
        {
            client.Channel.Send(Packets.Publish2(packetId, "t", $"{packetId}"));
            if (packetId == 20)
            {
                await cluster.UntilAsync(() => subscriber.Received.Count >= 5, "some have gone");
                await cluster.KillAsync(home);
            }
        }

        await cluster.UntilAsync(() => client.Acknowledged.Count(one => one.Type == PacketType.PubComp) == 60, "all are completed");
        await cluster.UntilAsync(() => subscriber.Received.Count >= 60, "all have come");

        subscriber.Received.Select(int.Parse).Should().Equal(Enumerable.Range(1, 60), "each once and in order");
        client.Acknowledged.Where(one => one.Type == PacketType.PubRec).Select(one => (int)one.PacketId).Should().Equal(Enumerable.Range(1, 60));
        (client.ConnAcks, client.Disconnected, client.IsConnected).Should().Be((1, null, true));
    }

    [Fact]
    public async Task A_client_that_was_idle_when_the_node_of_its_session_died_gets_the_next_message()
    {
        await using var cluster = await SessionCluster.StartAsync(3);
        var (node, home, publisher) = (cluster.Nodes[1], cluster.Nodes[2], cluster.Nodes[0]);
        var client = await cluster.ConnectAsync(node, home, isAcknowledging: false);
        cluster.Publish(publisher, client.Connection.ClientId, "before", 1);
        await cluster.UntilAsync(() => client.Received.Count == 1, "it has come");

        await cluster.KillAsync(home);
        cluster.Publish(publisher, client.Connection.ClientId, "after", 1);

        await cluster.UntilAsync(() => client.Received.Count == 2, "the next has come");
        client.Received.Should().Equal("before", "after");
        (client.ConnAcks, client.Disconnected).Should().Be((1, null));
    }

    /// <summary>The first time that each came.</summary>
    private static IEnumerable<int> Order(IEnumerable<string> received, Func<int, bool> which) => received.Distinct().Select(int.Parse).Where(which);

    private static SessionSubscriber Subscriber(SessionClient client)
    {
        var subscriber = new SessionSubscriber(client.Connection.ClientId, isDurable: false);
        subscriber.Attach(client.Connection);
        return subscriber;
    }
}
