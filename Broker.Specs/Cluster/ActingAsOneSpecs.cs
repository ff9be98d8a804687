using Broker.Protocol.Packets;
using Broker.Specs.Cluster.Harness;
using Broker.Specs.EndToEnd.Harness;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.Cluster;

/// <summary>Whichever node a client is connected to, it is the same broker.</summary>
[Collection(ClusterCollection.Name)]
public class ActingAsOneSpecs(ClusterFixture fixture)
{
    [Theory]
    [InlineData(AtMostOnce)]
    [InlineData(AtLeastOnce)]
    [InlineData(ExactlyOnce)]
    public async Task A_message_reaches_subscribers_on_every_node_through_wildcards_too(QualityOfService qos)
    {
        var nodes = (await fixture.WholeAsync()).Nodes;
        var root = Unique.Name("one/wild");
        var subscribers = new List<RawClient>();
        foreach (var (node, filter) in nodes.SelectMany(node => (string[])[$"{root}/a/b", $"{root}/+/b", $"{root}/#"], (node, filter) => (node, filter)))
        {
            subscribers.Add(await node.Endpoint.ConnectAsync(subscribers.Count % 2 == 0 ? V5 : V311));
            await subscribers[^1].SubscribeAsync(filter, qos);
        }

        foreach (var node in nodes)
        {
            await using var publisher = await node.Endpoint.ConnectAsync(V5);
            await publisher.PublishAsync($"{root}/a/b", $"from {node.Place.Number}", qos);
        }

        foreach (var subscriber in subscribers)
        {
            (await subscriber.ReceiveTextsAsync(3)).Should().BeEquivalentTo("from 1", "from 2", "from 3");
            await subscriber.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(AtLeastOnce)]
    [InlineData(ExactlyOnce)]
    public async Task A_stored_session_gets_on_one_node_what_was_published_on_another_while_it_was_away(QualityOfService qos)
    {
        var nodes = (await fixture.WholeAsync()).Nodes;
        var (topic, clientId) = (Unique.Name("one/stored"), Unique.Name("stored"));
        await using (var first = await nodes[0].Endpoint.ConnectPersistentAsync(V5, clientId))
        {
            await first.SubscribeAsync(topic, qos);
            await first.DisconnectAsync();
        }

        await using (var publisher = await nodes[1].Endpoint.ConnectAsync(V311))
        {
            foreach (var text in (string[])["1", "2", "3"])
            {
                await publisher.PublishAsync(topic, text, qos);
            }
        }

        await using var again = await nodes[2].Endpoint.ConnectPersistentAsync(V5, clientId);
        again.ConnAck.SessionPresent.Should().BeTrue();
        (await again.ReceiveTextsAsync(3)).Should().Equal("1", "2", "3");
    }

    [Fact]
    public async Task A_retained_message_is_there_on_every_node_once_it_was_acknowledged_and_goes_everywhere()
    {
        var nodes = (await fixture.WholeAsync()).Nodes;
        var topic = Unique.Name("one/retained");
        await using var publisher = await nodes[0].Endpoint.ConnectAsync(V5);
        foreach (var value in (string[])["old", "new"])
        {
            await publisher.PublishAsync(topic, value, AtLeastOnce, retain: true);
            foreach (var node in nodes)
            {
                await using var subscriber = await node.Endpoint.ConnectAsync(V5);
                await subscriber.SubscribeAsync(topic);
                (await subscriber.ReceiveAsync()).Text().Should().Be(value);
            }
        }

        await publisher.PublishAsync(topic, "", AtLeastOnce, retain: true);
        foreach (var node in nodes)
        {
            await using var subscriber = await node.Endpoint.ConnectAsync(V5);
            await subscriber.SubscribeAsync(topic);
            await subscriber.ExpectNothingAsync();
        }
    }

    [Theory]
    [InlineData(AtMostOnce)]
    [InlineData(AtLeastOnce)]
    public async Task One_member_of_a_shared_group_gets_each_message_in_fair_parts_and_members_that_left_none(QualityOfService qos)
    {
        const int Messages = 300;
        var nodes = (await fixture.WholeAsync()).Nodes;
        var topic = Unique.Name("one/shared");
        var members = new List<RawClient>();
        foreach (var node in nodes)
        {
            members.Add(await node.Endpoint.ConnectAsync(V5));
            await members[^1].SubscribeAsync($"$share/group/{topic}", qos);
        }

        await using var left = await nodes[1].Endpoint.ConnectAsync(V5);
        await left.SubscribeAsync($"$share/group/{topic}", qos);
        await left.UnsubscribeAsync($"$share/group/{topic}");

        await using var publisher = await nodes[0].Endpoint.ConnectAsync(V5);
        for (var number = 0; number < Messages; number++)
        {
            await publisher.PublishAsync(topic, $"{number}", qos);
        }

        var received = new List<string>();
        var parts = new int[members.Count];
        for (var member = 0; member < members.Count; member++)
        {
            // The last message of each member: one that none of the group's other subscriptions has.
            await members[member].SubscribeAsync($"{topic}/end/{member}", AtLeastOnce);
            await publisher.PublishAsync($"{topic}/end/{member}", "end", AtLeastOnce);
            while ((await members[member].ReceiveAsync()).Text() is var text && text != "end")
            {
                received.Add(text);
                parts[member]++;
            }
        }

        await left.ExpectNothingAsync();
        received.Should().BeEquivalentTo(Enumerable.Range(0, Messages).Select(number => $"{number}"));
        parts.Should().OnlyContain(part => Math.Abs(part - (Messages / 3)) <= Messages / 30, "the parts were {0}", string.Join(", ", parts));
        foreach (var member in members)
        {
            await member.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_will_comes_once_on_every_node()
    {
        var nodes = (await fixture.WholeAsync()).Nodes;
        var topic = Unique.Name("one/will");
        var witnesses = new List<RawClient>();
        foreach (var node in nodes)
        {
            witnesses.Add(await node.Endpoint.ConnectAsync(V5));
            await witnesses[^1].SubscribeAsync(topic);
        }

        await using (var mortal = await nodes[0].Endpoint.ConnectAsync(V311, will: new WillMessage { Topic = topic, Payload = "gone"u8.ToArray(), QoS = AtLeastOnce }))
        {
            await mortal.CloseAsync();
        }

        foreach (var witness in witnesses)
        {
            (await witness.ReceiveAsync()).Text().Should().Be("gone");
        }

        await using var publisher = await nodes[1].Endpoint.ConnectAsync(V5);
        await publisher.PublishAsync(topic, "the last", AtLeastOnce);
        foreach (var witness in witnesses)
        {
            (await witness.ReceiveAsync()).Text().Should().Be("the last");
            await witness.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_id_that_connects_elsewhere_takes_over(bool isStored)
    {
        var nodes = (await fixture.WholeAsync()).Nodes;
        var clientId = Unique.Name("one/takeover");
        var previous = await nodes[0].Endpoint.ConnectAsync(V5, clientId, cleanStart: false, sessionExpiry: isStored ? 300u : 0);
        foreach (var node in (ClusterNode[])[nodes[1], nodes[2], nodes[0]])
        {
            var next = await node.Endpoint.ConnectAsync(V5, clientId, cleanStart: false, sessionExpiry: isStored ? 300u : 0);

            next.ConnAck.SessionPresent.Should().Be(isStored);
            await previous.ExpectDisconnectAsync(ReasonCode.SessionTakenOver);
            await previous.DisposeAsync();
            previous = next;
        }

        await previous.ExpectNothingAsync();
        await previous.DisposeAsync();
    }

    [Fact]
    public async Task Totals_are_each_node_s_own_and_the_cluster_s_are_the_same_on_all()
    {
        var nodes = (await fixture.WholeAsync()).Nodes;
        await using var one = await nodes[0].Endpoint.ConnectAsync(V5);
        await using var another = await nodes[1].Endpoint.ConnectAsync(V5);
        await using var third = await nodes[2].Endpoint.ConnectAsync(V5);
        foreach (var client in (RawClient[])[one, another, third])
        {
            await client.SubscribeAsync("$SYS/cluster/#", AtMostOnce);
            await client.ExpectEventuallyAsync<PublishPacket>(total => total.Topic == "$SYS/cluster/nodes/count" && total.Text() == "3");
            await client.ExpectEventuallyAsync<PublishPacket>(total => total.Topic == "$SYS/cluster/nodes/ready" && total.Text() == "3");
            await client.ExpectEventuallyAsync<PublishPacket>(total => total.Topic == "$SYS/cluster/clients/connected" && int.Parse(total.Text()) >= 3);
        }

        await one.SubscribeAsync("$SYS/broker/clients/connected", AtMostOnce);
        await one.ExpectEventuallyAsync<PublishPacket>(total => total.Topic == "$SYS/broker/clients/connected" && total.Text() == "1");
    }
}
