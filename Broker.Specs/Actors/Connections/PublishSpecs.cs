using Broker.Actors.Connections;
using Broker.Actors.Hosting;
using Broker.Actors.Sessions;
using Broker.Protocol.Packets;

namespace Broker.Specs.Actors.Connections;

/// <summary>PUBLISH from a client, and when it is acknowledged.</summary>
public class PublishSpecs
{
    private readonly TestBroker _broker = new(new LimitsOptions { ReceiveMaximum = 3, TopicAliasMaximum = 2, MaxTopicLevels = 4 });

    [Theory]
    [InlineData(ProtocolVersion.V5, ReasonCode.NoMatchingSubscribers)]
    [InlineData(ProtocolVersion.V311, ReasonCode.Success)]
    public void What_nobody_wants_is_acknowledged_at_once(ProtocolVersion version, ReasonCode expected)
    {
        var channel = _broker.Connect("c", version);
        channel.Send(Packets.Publish1(5, "t"));
        _broker.Run();

        var answer = channel.Next<PubAckPacket>();
        (answer.PacketId, answer.ReasonCode).Should().Be((5, expected));
    }

    [Fact]
    public void Acknowledgements_keep_the_order_of_the_publishes_where_an_earlier_one_waits()
    {
        var channel = _broker.Connect("c");
        AddDurableSubscriber("durable");

        channel.Send(Packets.Publish1(1, "durable"), Packets.Publish1(2, "nobody"));
        _broker.Run();
        channel.Sent.Should().BeEmpty();

        _broker.Durable.Should().ContainSingle().Which.Pending!.Complete(DeliveryOutcome.Accepted);
        _broker.Run();

        channel.Next<PubAckPacket>().PacketId.Should().Be(1);
        channel.Next<PubAckPacket>().PacketId.Should().Be(2);
    }

    [Fact]
    public void PUBACK_and_PUBREC_do_not_wait_for_each_other()
    {
        var channel = _broker.Connect("c");
        AddDurableSubscriber("durable");

        channel.Send(Packets.Publish2(1, "durable"), Packets.Publish1(2, "nobody"), Packets.Publish2(3, "nobody"));
        _broker.Run();
        channel.Next<PubAckPacket>().PacketId.Should().Be(2);
        channel.Sent.Should().BeEmpty("PUBREC 3 follows PUBREC 1 [MQTT-4.6.0-3]");
        _broker.Durable[0].Pending!.Complete(DeliveryOutcome.Accepted);
        _broker.Run();
        channel.Next<PubRecPacket>().PacketId.Should().Be(1);
        channel.Next<PubRecPacket>().PacketId.Should().Be(3);

        channel.Send(new PubRelPacket { PacketId = 1 }, new PubRelPacket { PacketId = 3 });
        _broker.Run();
        channel.Sent.Clear();
        channel.Send(Packets.Publish1(4, "durable"), Packets.Publish2(5, "nobody"));
        _broker.Run();
        channel.Next<PubRecPacket>().PacketId.Should().Be(5);
        channel.Sent.Should().BeEmpty();
    }

    [Theory]
    [InlineData(ProtocolVersion.V5, ReasonCode.QuotaExceeded)]
    [InlineData(ProtocolVersion.V311, ReasonCode.Success)]
    public void A_full_queue_is_told_to_v5_where_nobody_took_the_message(ProtocolVersion version, ReasonCode expected)
    {
        var channel = _broker.Connect("c", version);
        AddDurableSubscriber("t");
        channel.Send(Packets.Publish1(1, "t"));
        _broker.Run();
        _broker.Durable[0].Pending!.Complete(DeliveryOutcome.QueueFull);
        _broker.Run();

        channel.Next<PubAckPacket>().ReasonCode.Should().Be(expected);
    }

    [Fact]
    public void What_the_store_could_not_keep_is_not_acknowledged_as_accepted()
    {
        var (v5, v3) = (_broker.Connect("five"), _broker.Connect("three", ProtocolVersion.V311));
        foreach (var channel in (FakeChannel[])[v5, v3])
        {
            channel.Send(Packets.Publish("t", "x", QualityOfService.AtLeastOnce, 1, retain: true));
            _broker.Run();
            _broker.CompleteRetained(DeliveryOutcome.Failed);
        }

        v5.Next<PubAckPacket>().ReasonCode.Should().Be(ReasonCode.UnspecifiedError);
        v3.Sent.Should().BeEmpty();
        v3.IsClosed.Should().BeTrue("MQTT 3 has no other way to say it; the client sends again");
    }

    [Fact]
    public void A_live_QoS_2_publish_is_passed_on_once_however_often_it_is_resent()
    {
        var (publisher, subscriber) = (_broker.Connect("p"), _broker.Connect("s"));
        _broker.Subscribe(subscriber, "t");

        publisher.Send(Packets.Publish2(1, "t", "a"), Packets.Publish2(1, "t", "a"));
        _broker.Run();
        publisher.Next<PubRecPacket>();
        publisher.Next<PubRecPacket>();
        publisher.Send(new PubRelPacket { PacketId = 1 }, new PubRelPacket { PacketId = 1 }, Packets.Publish2(1, "t", "b"));
        _broker.Run();

        publisher.Next<PubCompPacket>().ReasonCode.Should().Be(ReasonCode.Success);
        publisher.Next<PubCompPacket>().ReasonCode.Should().Be(ReasonCode.PacketIdentifierNotFound);
        subscriber.Payloads().Should().Equal("a", "b");
    }

    [Fact]
    public void More_unacknowledged_publishes_than_Receive_Maximum_end_a_v5_connection()
    {
        var channel = _broker.Connect("c");
        AddDurableSubscriber("t");
        channel.Send(Packets.Publish1(1, "t"), Packets.Publish1(2, "t"), Packets.Publish2(3, "t"));
        _broker.Run();
        channel.IsClosed.Should().BeFalse();

        channel.Send(Packets.Publish1(4, "t"));
        _broker.Run();

        channel.Next<DisconnectPacket>().ReasonCode.Should().Be(ReasonCode.ReceiveMaximumExceeded);
    }

    [Fact]
    public void An_acknowledgement_gives_its_place_back()
    {
        var channel = _broker.Connect("c");
        for (ushort id = 1; id <= 20; id++)
        {
            channel.Send(Packets.Publish1(id, "nobody"), Packets.Publish2(id, "nobody"), new PubRelPacket { PacketId = id });
            _broker.Run();
        }

        channel.IsClosed.Should().BeFalse();
        channel.Sent.Should().HaveCount(60);
    }

    [Fact]
    public void MQTT_3_is_held_instead_by_not_reading()
    {
        var channel = _broker.Connect("c", ProtocolVersion.V311);
        AddDurableSubscriber("t");
        channel.Send([.. Enumerable.Range(1, 5).Select(id => Packets.Publish1((ushort)id, "t"))]);
        _broker.Run();
        (_broker.Durable.Count, channel.IsPaused).Should().Be((3, true));

        _broker.Durable[0].Pending!.Complete(DeliveryOutcome.Accepted);
        _broker.Run();
        channel.IsPaused.Should().BeTrue("two of three is not yet half");
        _broker.Durable[1].Pending!.Complete(DeliveryOutcome.Accepted);
        _broker.Run();

        (_broker.Durable.Count, channel.Sent.Count).Should().Be((5, 2));
    }

    [Theory]
    [InlineData("$SYS/broker/uptime")]
    [InlineData("a/b/c/d/e")]
    public void A_topic_that_is_not_allowed_is_refused_and_nothing_is_passed_on(string topic)
    {
        var (v5, v3, subscriber) = (_broker.Connect("five"), _broker.Connect("three", ProtocolVersion.V311), _broker.Connect("s"));
        _broker.Subscribe(subscriber, "a/#");
        _broker.Subscribe(subscriber, "$SYS/#");

        v5.Send(Packets.Publish(topic), Packets.Publish1(1, topic), Packets.Publish2(2, topic), Packets.Publish2(2, topic));
        v3.Send(Packets.Publish1(1, topic));
        _broker.Run();

        v5.Next<PubAckPacket>().ReasonCode.Should().Be(ReasonCode.TopicNameInvalid);
        v5.Next<PubRecPacket>().ReasonCode.Should().Be(ReasonCode.TopicNameInvalid);
        v5.Next<PubRecPacket>().ReasonCode.Should().Be(ReasonCode.TopicNameInvalid, "the refusal freed the packet id");
        v3.Next<PubAckPacket>();
        subscriber.Sent.Should().BeEmpty();
    }

    [Fact]
    public void A_topic_that_only_begins_like_the_brokers_own_is_an_ordinary_one()
    {
        var channel = _broker.Connect("c");
        _broker.Subscribe(channel, "$SYSTEM/x");
        channel.Send(Packets.Publish("$SYSTEM/x", "mine"));
        _broker.Run();
        channel.Payloads().Should().Equal("mine");
    }

    [Fact]
    public void Topic_aliases_of_the_client_stand_for_their_topics()
    {
        var (publisher, subscriber) = (_broker.Connect("p"), _broker.Connect("s"));
        _broker.Subscribe(subscriber, "#");
        publisher.Send(
            new PublishPacket { Topic = "first", TopicAlias = 1 },
            new PublishPacket { Topic = "", TopicAlias = 1 },
            new PublishPacket { Topic = "second", TopicAlias = 1 },
            new PublishPacket { Topic = "", TopicAlias = 1 });
        _broker.Run();

        subscriber.Sent.Cast<PublishPacket>().Select(packet => packet.Topic).Should().Equal("first", "first", "second", "second");
    }

    [Theory]
    [InlineData(3, "t", ReasonCode.TopicAliasInvalid)]
    [InlineData(2, "", ReasonCode.ProtocolError)]
    public void A_topic_alias_that_is_too_high_or_unset_ends_the_connection(ushort alias, string topic, ReasonCode expected)
    {
        var channel = _broker.Connect("c");
        channel.Send(new PublishPacket { Topic = topic, TopicAlias = alias });
        _broker.Run();
        channel.Next<DisconnectPacket>().ReasonCode.Should().Be(expected);
    }

    private void AddDurableSubscriber(string filter) => _broker.Context.Routes.Subscribe(
        _broker.Context.DurableSubscribers.GetOrAdd("durable"),
        Routing.Filters.Of(filter),
        new Broker.Actors.Routing.SubscriptionOptions(QualityOfService.ExactlyOnce));
}
