using Broker.Actors.Clustering.Links;
using Broker.Actors.Connections;
using Broker.Actors.Sessions;
using Broker.Protocol.Packets;
using Broker.Specs.Actors.Connections;
using Broker.Specs.Actors.Routing;

namespace Broker.Specs.Actors.Clustering;

/// <summary>Nodes act as one broker: subscriptions here, publishes there, over real remoting.</summary>
public sealed class ClusterRoutingSpecs
{
    [Fact]
    public void Subscribe_then_publish_elsewhere_loses_nothing()
    {
        using var cluster = new BrokerCluster(3);
        var subscriber = cluster[0].Broker.Connect("s");
        FakeChannel[] publishers = [cluster[1].Broker.Connect("p1"), cluster[2].Broker.Connect("p2")];
        for (ushort trial = 1; trial <= 300; trial++)
        {
            subscriber.Send(new SubscribePacket { PacketId = trial, Subscriptions = [new SubscriptionRequest($"t/{trial}", QualityOfService.AtLeastOnce)] });
            cluster.Until(() => subscriber.Sent.Count > 0, "SUBACK comes");
            subscriber.Next<SubAckPacket>();
            publishers[trial % 2].Send(Packets.Publish1(trial, $"t/{trial}", $"{trial}"));
            cluster.Until(() => subscriber.Sent.Count > 0 && publishers[trial % 2].Sent.Count > 0, "the message and its PUBACK come");
            var message = subscriber.Next<PublishPacket>();
            message.Topic.Should().Be($"t/{trial}");
            subscriber.Send(new PubAckPacket { PacketId = message.PacketId });
            publishers[trial % 2].Next<PubAckPacket>().ReasonCode.Should().Be(ReasonCode.Success);
        }
    }

    [Fact]
    public void What_nobody_anywhere_wants_crosses_no_link_and_is_said_to_have_no_subscribers()
    {
        using var cluster = new BrokerCluster(2);
        Subscribe(cluster, 0, "s", "other");
        var publisher = cluster[1].Broker.Connect("p");
        publisher.Send(Packets.Publish1(1, "t"));
        cluster.Until(() => publisher.Sent.Count > 0);
        publisher.Next<PubAckPacket>().ReasonCode.Should().Be(ReasonCode.NoMatchingSubscribers);
    }

    [Fact]
    public void A_fan_out_over_three_nodes_crosses_each_link_once_and_keeps_the_order()
    {
        using var cluster = new BrokerCluster(3, loops: 2);
        var subscribers = new List<FakeChannel>();
        for (var i = 0; i < 90; i++)
        {
            subscribers.Add(cluster[i % 3].Broker.Connect($"s{i}", loop: i % 2));
            subscribers[^1].Send(new SubscribePacket { PacketId = 1, Subscriptions = [new SubscriptionRequest(i % 2 == 0 ? "t" : "#", 0)] });
        }

        cluster.Until(() => subscribers.TrueForAll(subscriber => subscriber.Sent.Count == 1));
        subscribers.ForEach(subscriber => subscriber.Next<SubAckPacket>());
        var links = Links(cluster[0], "t");
        links.Should().HaveCount(2);

        var publisher = cluster[0].Broker.Connect("p");
        for (var i = 0; i < 50; i++)
        {
            publisher.Send(Packets.Publish("t", $"{i}"));
        }

        cluster.Until(() => subscribers.TrueForAll(subscriber => subscriber.Sent.Count == 50));
        subscribers.Should().AllSatisfy(subscriber => subscriber.Payloads().Should().Equal(Enumerable.Range(0, 50).Select(i => $"{i}")));
        cluster.Until(() => links.All(link => link.Bytes == 0));
        links.Should().OnlyContain(link => link.Publications == 50);
    }

    [Fact]
    public void A_shared_group_over_the_cluster_gives_each_message_to_one_member_and_is_fair()
    {
        using var cluster = new BrokerCluster(3);
        var members = Enumerable.Range(0, 6).Select(i => Subscribe(cluster, i % 3, $"m{i}", "$share/g/t/#", QualityOfService.AtLeastOnce)).ToArray();
        var publishers = Enumerable.Range(0, 3).Select(i => cluster[i].Broker.Connect($"p{i}")).ToArray();
        for (ushort id = 1; id <= 200; id++)
        {
            foreach (var publisher in publishers)
            {
                publisher.Send(Packets.Publish1(id, $"t/{id}"));
            }
        }

        cluster.Until(() => publishers.All(publisher => publisher.Sent.Count == 200) && members.Sum(member => member.Sent.Count) >= 600);
        members.Sum(member => member.Sent.Count).Should().Be(600);
        members.Should().AllSatisfy(member => member.Sent.Count.Should().BeInRange(90, 110));
        publishers.Should().AllSatisfy(publisher => publisher.Sent.Cast<PubAckPacket>().Should().OnlyContain(ack => ack.ReasonCode == ReasonCode.Success));
    }

    [Fact]
    public void A_member_that_has_just_gone_swallows_no_message_of_its_shared_group()
    {
        using var cluster = new BrokerCluster(2);
        var gone = Subscribe(cluster, 0, "gone", "$share/g/t", QualityOfService.AtLeastOnce);
        var stays = Subscribe(cluster, 0, "stays", "$share/g/t", QualityOfService.AtLeastOnce);
        var publisher = cluster[1].Broker.Connect("p");

        // The publisher's node has not heard of it yet: the picks for the one that has gone are refused.
        for (ushort id = 1; id <= 10; id++)
        {
            publisher.Send(Packets.Publish1(id, "t", $"{id}"));
        }

        cluster[1].Broker.Run();
        gone.Break();
        cluster.Until(() => publisher.Sent.Count == 10);
        stays.Payloads().Should().HaveCount(10 - gone.Payloads().Length);
        publisher.Sent.Cast<PubAckPacket>().Should().OnlyContain(ack => ack.ReasonCode == ReasonCode.Success);
    }

    [Fact]
    public void QoS_0_finds_a_durable_sessions_client_on_another_node_and_a_pick_finds_it_too()
    {
        using var cluster = new BrokerCluster(2);
        var client = cluster[0].Broker.ConnectDurable("d");
        foreach (var node in cluster.Nodes)
        {
            // As the entity tells, and the table says, everywhere.
            var subscriber = node.Broker.Context.DurableSubscribers.GetOrAdd("d");
            node.Broker.Context.Routes.Tree.Subscribe(subscriber, Filters.Of("t"), new(QualityOfService.AtLeastOnce));
            node.Broker.Context.Routes.Tree.Subscribe(subscriber, Filters.Of("$share/g/s"), new(QualityOfService.AtLeastOnce));
        }

        var known = cluster[1].Broker.Context.DurableSubscribers.GetOrAdd("d");
        cluster.Until(() => known.IsOnline);
        var publisher = cluster[1].Broker.Connect("p");
        publisher.Send(Packets.Publish("t", "plain"), Packets.Publish("s", "picked"), Packets.Publish1(1, "t", "for the entity"));
        cluster.Until(() => client.Sent.Count >= 2);
        client.Payloads().Should().Equal("plain", "picked");
        cluster[1].Broker.Durable.Should().ContainSingle().Which.ClientId.Should().Be("d");

        client.Break();
        cluster.Until(() => !known.IsOnline);
    }

    [Fact]
    public void SUBACK_waits_for_every_member_reachable_or_not_until_it_is_removed()
    {
        using var cluster = new BrokerCluster(3);
        cluster.Stop(cluster[2]);
        var subscriber = cluster[0].Broker.Connect("s");
        subscriber.Send(
            new SubscribePacket { PacketId = 1, Subscriptions = [new SubscriptionRequest("t", 0)] },
            Packets.Publish("t", "own"));
        var other = cluster[1].Broker.Context.Routes.Tree;
        cluster.Until(() => other.Match("t").Nodes.Length == 1);
        subscriber.Sent.Should().BeEmpty("one member has not said that it routes to it");

        cluster.Remove(cluster[2]);
        cluster.Until(() => subscriber.Sent.Count == 2);
        subscriber.Next<SubAckPacket>();
        subscriber.Payloads().Should().Equal("own");

        subscriber.Send(new UnsubscribePacket { PacketId = 2, Filters = ["t"] });
        cluster.Until(() => subscriber.Sent.Count == 1);
        other.Match("t").IsEmpty.Should().BeTrue("UNSUBACK has waited too");
    }

    [Fact]
    public void A_node_that_joins_has_all_routes_before_it_is_synchronized_and_what_is_subscribed_meanwhile()
    {
        using var cluster = new BrokerCluster(3, joined: false);
        cluster[0].Members.Add(cluster[1].Address);
        cluster[1].Members.Add(cluster[0].Address);
        var subscribers = Enumerable.Range(0, 400).Select(i => Subscribe(cluster, i % 2, $"s{i}", $"t/{i}")).ToArray();

        var later = subscribers[0];
        later.Send(new SubscribePacket { PacketId = 2, Subscriptions = [new SubscriptionRequest("later/1", 0)] });
        cluster.Join(cluster[2]);
        var synchronized = cluster[2].SynchronizedAsync();
        cluster.Until(() => later.Sent.Count == 1);
        later.Next<SubAckPacket>();
        later.Send(new SubscribePacket { PacketId = 3, Subscriptions = [new SubscriptionRequest("later/2", 0)] });
        cluster.Until(synchronized);
        cluster.Until(() => later.Sent.Count == 1);

        var tree = cluster[2].Broker.Context.Routes.Tree;
        Enumerable.Range(0, 400).Should().OnlyContain(i => tree.Match($"t/{i}").Nodes.Length == 1);
        tree.Match("later/1").Nodes.Should().ContainSingle();
        tree.Match("later/2").Nodes.Should().ContainSingle("its SUBACK has come");
    }

    [Fact]
    public void A_publish_that_waits_for_a_node_goes_on_when_the_node_is_removed_and_its_picks_go_to_others()
    {
        using var cluster = new BrokerCluster(3);
        Subscribe(cluster, 2, "plain", "t", QualityOfService.AtLeastOnce);
        Subscribe(cluster, 2, "away", "$share/g/s", QualityOfService.AtLeastOnce);
        var here = Subscribe(cluster, 1, "here", "$share/g/s", QualityOfService.AtLeastOnce);
        var publisher = cluster[0].Broker.Connect("p");
        cluster.Stop(cluster[2]);

        publisher.Send(Packets.Publish1(1, "t"), Packets.Publish1(2, "s"), Packets.Publish1(3, "s"));
        cluster.Until(() => here.Sent.Count == 1);
        publisher.Sent.Should().BeEmpty("they have not been taken");

        cluster.Remove(cluster[2]);
        cluster.Until(() => publisher.Sent.Count == 3);
        publisher.Next<PubAckPacket>().ReasonCode.Should().Be(ReasonCode.NoMatchingSubscribers);
        publisher.Next<PubAckPacket>().ReasonCode.Should().Be(ReasonCode.Success);
        publisher.Next<PubAckPacket>().ReasonCode.Should().Be(ReasonCode.Success);
        cluster.Until(() => here.Sent.Count == 2, "the other member has both");

        cluster[0].Members.Settle(cluster[2].Address);
        cluster.Until(() => cluster[0].TableReads == 1, "what it told of durable routes before it died may have reached one member only");
    }

    [Fact]
    public void Two_nodes_whose_clients_publish_to_each_other_and_read_nothing_do_not_wait_for_each_other()
    {
        const int Messages = 1_500;
        using var cluster = new BrokerCluster(2);
        FakeChannel[] clients = [Subscribe(cluster, 0, "c0", "to/0", QualityOfService.AtLeastOnce), Subscribe(cluster, 1, "c1", "to/1", QualityOfService.AtLeastOnce)];
        Array.ForEach(clients, client => client.IsWritable = false);

        for (ushort id = 1; id <= Messages; id++)
        {
            clients[0].Send(Packets.Publish1(id, "to/1"));
            clients[1].Send(Packets.Publish1(id, "to/0"));
            if (id % 500 == 0)
            {
                cluster.Until(() => clients.All(client => client.Sent.Count == id), "a node takes what a link brings, whoever reads or does not (hard case 11)");
            }
        }

        clients.Should().AllSatisfy(client => client.Sent.Should().AllBeOfType<PubAckPacket>().And.OnlyContain(ack => ((PubAckPacket)ack).ReasonCode == ReasonCode.Success));
        clients.Should().OnlyContain(client => !client.IsPaused);
        cluster.Nodes.Should().AllSatisfy(node => node.Broker.Counters.Dropped(DropReason.QueueFull).Should().Be(Messages - 1_000, "the queue is bounded"));
        cluster.Nodes.Should().AllSatisfy(node => Links(node, node == cluster[0] ? "to/1" : "to/0").Should().ContainSingle().Which.Bytes.Should().Be(0));
    }

    [Fact]
    public void No_Local_holds_across_nodes_and_SYS_stays_where_it_is()
    {
        using var cluster = new BrokerCluster(2);
        var own = cluster[0].Broker.Connect("same");
        own.Send(new SubscribePacket { PacketId = 1, Subscriptions = [new SubscriptionRequest("t", 0, NoLocal: true)] });
        var all = Subscribe(cluster, 0, "sys", "$SYS/#");
        cluster.Until(() => own.Sent.Count == 1);
        own.Next<SubAckPacket>();

        var message = new Broker.Actors.Routing.Publication { Topic = "$SYS/broker/x", Payload = "x"u8.ToArray(), IsOfThisNode = true };
        var match = default(Broker.Actors.Routing.CachedMatch);
        var loop = cluster[1].Broker.Loops.All[0];
        cluster[1].Broker.Context.Router.Route(loop, message, null, 0, ref match);
        cluster[1].Broker.Connect("same").Send(Packets.Publish("t", "own"));
        cluster[1].Broker.Connect("other").Send(Packets.Publish("t", "other's"));
        cluster.Until(() => own.Sent.Count > 0);
        own.Payloads().Should().Equal("other's");
        all.Sent.Should().BeEmpty();
    }

    private static FakeChannel Subscribe(BrokerCluster cluster, int node, string clientId, string filter, QualityOfService qos = QualityOfService.AtMostOnce)
    {
        var channel = cluster[node].Broker.Connect(clientId);
        channel.Send(new SubscribePacket { PacketId = 1, Subscriptions = [new SubscriptionRequest(filter, qos)] });
        cluster.Until(() => channel.Sent.Count == 1, "SUBACK comes");
        channel.Next<SubAckPacket>();
        return channel;
    }

    private static RemoteNode[] Links(MemberBroker node, string topic) => node.Broker.Context.Routes.Tree.Match(topic).Nodes;
}
