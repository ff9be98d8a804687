using Broker.Actors.Routing;
using Broker.Actors.Security;
using Broker.Protocol.Packets;
using Broker.Specs.Actors.Connections;

namespace Broker.Specs.Actors.Routing;

/// <summary>Who gets a message, through which door, and what its acknowledgement waits for.</summary>
public class MessageRouterSpecs
{
    private readonly TestBroker _broker = new();

    [Fact]
    public void No_Local_keeps_a_client_from_its_own_messages_but_not_by_its_other_subscriptions()
    {
        var channel = _broker.Connect("c");
        Subscribe(channel, "own/#", noLocal: true);
        Subscribe(channel, "own/too");
        channel.Send(Packets.Publish("own/not", "a"), Packets.Publish("own/too", "b"));
        _broker.Connect("other").Send(Packets.Publish("own/not", "c"));
        _broker.Run();
        channel.Payloads().Should().Equal("b", "c");
    }

    [Fact]
    public void Each_subscriber_gets_the_lower_QoS_and_RETAIN_as_it_asked()
    {
        var (plain, asPublished) = (_broker.Connect("plain"), _broker.Connect("published"));
        Subscribe(plain, "t", QualityOfService.AtMostOnce);
        Subscribe(asPublished, "t", QualityOfService.ExactlyOnce, retainAsPublished: true);
        _broker.Connect("p").Send(Packets.Publish("t", "x", QualityOfService.AtLeastOnce, 1, retain: true));
        _broker.Run();

        var (first, second) = (plain.Next<PublishPacket>(), asPublished.Next<PublishPacket>());
        (first.QoS, first.Retain).Should().Be((QualityOfService.AtMostOnce, false));
        (second.QoS, second.Retain).Should().Be((QualityOfService.AtLeastOnce, true));
    }

    [Fact]
    public void A_shared_group_prefers_online_members_and_queues_for_one_durable_member_where_there_is_none()
    {
        var durable = _broker.Context.DurableSubscribers.GetOrAdd("durable");
        Route(durable, "$share/g/t");
        var live = _broker.Connect("live");
        _broker.Subscribe(live, "$share/g/t", QualityOfService.AtLeastOnce);
        var publisher = _broker.Connect("p");

        publisher.Send(Packets.Publish1(1, "t", "a"), Packets.Publish1(2, "t", "b"));
        _broker.Run();
        live.Payloads().Should().Equal("a", "b");
        _broker.Durable.Should().BeEmpty();

        live.Break();
        publisher.Send(Packets.Publish1(3, "t", "c"));
        _broker.Run();
        _broker.Durable.Should().ContainSingle().Which.Publication.Text().Should().Be("c");
    }

    [Fact]
    public void A_group_member_that_has_just_gone_does_not_swallow_the_message()
    {
        var gone = new SessionSubscriber("gone", isDurable: false);
        Route(gone, "$share/g/t");
        Route(_broker.Context.DurableSubscribers.GetOrAdd("durable"), "$share/g/t");
        var publisher = _broker.Connect("p");

        for (ushort id = 1; id <= 4; id++)
        {
            publisher.Send(Packets.Publish1(id, "t"));
        }

        _broker.Run();
        _broker.Durable.Should().HaveCount(4);
    }

    [Fact]
    public void A_retained_publish_is_acknowledged_when_its_write_is()
    {
        var publisher = _broker.Connect("p");
        publisher.Send(Packets.Publish("t", "x", QualityOfService.AtLeastOnce, 1, retain: true));
        _broker.Run();
        publisher.Sent.Should().BeEmpty();
        _broker.CompleteRetained();
        publisher.Next<PubAckPacket>().ReasonCode.Should().Be(ReasonCode.Success, "it is kept, so somebody has it");
    }

    [Fact]
    public void A_match_is_kept_until_the_topic_or_the_tree_changes()
    {
        var tree = new SubscriptionTree();
        var match = default(CachedMatch);
        match.Refresh(tree, AccessControl.Open, "a");
        var first = match.Result;
        match.Refresh(tree, AccessControl.Open, "a");
        match.Result.Should().BeSameAs(first);

        tree.Subscribe(new SessionSubscriber("s", isDurable: true), Filters.Of("b"), new SubscriptionOptions(QualityOfService.AtLeastOnce));
        match.Refresh(tree, AccessControl.Open, "a");
        match.Result.Should().NotBeSameAs(first);
        match.HasDurable.Should().BeFalse();
        match.Refresh(tree, AccessControl.Open, "b");
        (match.HasDurable, match.Result.Recipients.Length).Should().Be((true, 1));
    }

    private void Route(SessionSubscriber subscriber, string filter) =>
        _broker.Context.Routes.Subscribe(subscriber, Filters.Of(filter), new SubscriptionOptions(QualityOfService.ExactlyOnce));

    private void Subscribe(
        FakeChannel channel,
        string filter,
        QualityOfService qos = QualityOfService.AtMostOnce,
        bool noLocal = false,
        bool retainAsPublished = false)
    {
        channel.Send(new SubscribePacket
        {
            PacketId = 1,
            Subscriptions = [new SubscriptionRequest(filter, qos, noLocal, retainAsPublished)],
        });
        _broker.Run();
        channel.Next<SubAckPacket>();
    }
}
