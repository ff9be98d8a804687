using Broker.Actors.Connections;
using Broker.Actors.Hosting;
using Broker.Protocol.Packets;

namespace Broker.Specs.Actors.Connections;

/// <summary>Messages to a client with a live session.</summary>
public class DeliverSpecs
{
    private readonly TestBroker _broker = new(new LimitsOptions { MaxOutboundBuffer = 40, MaxQueuedMessages = 3, MaxInflight = 10 });

    [Fact]
    public void A_round_of_reads_is_flushed_once_to_each_subscriber()
    {
        var (publisher, first, second) = (_broker.Connect("p"), Subscriber("1"), Subscriber("2"));
        var before = first.Flushes;

        publisher.Send([.. Enumerable.Range(0, 100).Select(number => Packets.Publish("t", $"{number}"))]);
        first.Sent.Should().BeEmpty("nothing is flushed before the round ends");
        _broker.Run();

        first.Flushes.Should().Be(before + 1);
        first.Payloads().Should().Equal(second.Payloads()).And.HaveCount(100);
    }

    [Fact]
    public void Receive_Maximum_of_the_client_bounds_what_is_in_flight_and_the_rest_follows_in_order()
    {
        var subscriber = _broker.Connect(new ConnectPacket { Version = ProtocolVersion.V5, ClientId = "s", ReceiveMaximum = 2 });
        _broker.Subscribe(subscriber, "t", QualityOfService.ExactlyOnce);
        var publisher = _broker.Connect("p");
        publisher.Send(Packets.Publish1(1, "t", "a"), Packets.Publish2(2, "t", "b"), Packets.Publish1(3, "t", "c"), Packets.Publish1(4, "t", "d"));
        _broker.Run();

        var (a, b) = (subscriber.Next<PublishPacket>(), subscriber.Next<PublishPacket>());
        subscriber.Sent.Should().BeEmpty();
        subscriber.Send(new PubRecPacket { PacketId = b.PacketId });
        _broker.Run();
        subscriber.Next<PubRelPacket>().PacketId.Should().Be(b.PacketId);
        subscriber.Sent.Should().BeEmpty("PUBREC gives no place back");

        subscriber.Send(new PubCompPacket { PacketId = b.PacketId }, new PubAckPacket { PacketId = a.PacketId });
        _broker.Run();
        subscriber.Payloads().Should().Equal("c", "d");
    }

    [Fact]
    public void A_full_queue_of_a_live_session_drops_the_newest_and_counts_them()
    {
        var subscriber = _broker.Connect(new ConnectPacket { Version = ProtocolVersion.V5, ClientId = "s", ReceiveMaximum = 1 });
        _broker.Subscribe(subscriber, "t", QualityOfService.AtLeastOnce);
        _broker.Connect("p").Send([.. Enumerable.Range(1, 6).Select(id => Packets.Publish1((ushort)id, "t", $"{id}"))]);
        _broker.Run();

        _broker.Counters.Dropped(DropReason.QueueFull).Should().Be(2);
        subscriber.Payloads().Should().Equal("1");
        for (ushort id = 1; id <= 4; id++)
        {
            subscriber.Send(new PubAckPacket { PacketId = id });
            _broker.Run();
        }

        subscriber.Payloads().Should().Equal("2", "3", "4");
    }

    [Fact]
    public void A_client_that_reads_too_slowly_loses_its_oldest_QoS_0_messages_and_slows_nobody()
    {
        var (publisher, slow, fast) = (_broker.Connect("p"), Subscriber("slow"), Subscriber("fast"));
        slow.IsWritable = false;

        for (var number = 10; number < 40; number++)
        {
            publisher.Send(Packets.Publish("t", $"{number}"));
            _broker.Run();
        }

        fast.Payloads().Should().HaveCount(30);
        publisher.IsPaused.Should().BeFalse();
        slow.Sent.Should().BeEmpty();
        _broker.Counters.Dropped(DropReason.SlowConsumer).Should().Be(17, "13 messages of 3 bytes fit into 40 bytes");

        slow.BecomeWritable();
        _broker.Run();
        slow.Payloads().Should().Equal(Enumerable.Range(27, 13).Select(number => $"{number}"));
    }

    [Fact]
    public void A_message_that_expires_while_the_client_does_not_read_is_not_sent()
    {
        var (publisher, slow) = (_broker.Connect("p"), Subscriber("slow"));
        slow.IsWritable = false;
        publisher.Send(
            new PublishPacket { Topic = "t", Properties = new PublishProperties { MessageExpiryInterval = 5 } },
            new PublishPacket { Topic = "t", Properties = new PublishProperties { MessageExpiryInterval = 60 } });
        _broker.Run();
        _broker.Pass(TimeSpan.FromSeconds(10));

        slow.BecomeWritable();
        _broker.Run();

        slow.Next<PublishPacket>().Properties!.MessageExpiryInterval.Should().Be(50, "the interval shrinks by the time spent here");
        slow.Sent.Should().BeEmpty();
        _broker.Counters.Dropped(DropReason.Expired).Should().Be(1);
    }

    [Theory]
    [InlineData(QualityOfService.AtMostOnce)]
    [InlineData(QualityOfService.AtLeastOnce)]
    [InlineData(QualityOfService.ExactlyOnce)]
    public void A_packet_larger_than_the_client_takes_is_dropped_and_holds_up_nothing(QualityOfService qos)
    {
        var subscriber = _broker.Connect(
            new ConnectPacket { Version = ProtocolVersion.V5, ClientId = "s", MaximumPacketSize = 50, ReceiveMaximum = 1 });
        _broker.Subscribe(subscriber, "t", qos);
        Subscriber("other"); // so that the frame is shared

        foreach (ushort id in (ushort[])[1, 2, 3])
        {
            _broker.Connect($"p{id}").Send(Packets.Publish("t", new string('x', 50), qos, qos == 0 ? (ushort)0 : id));
        }

        _broker.Connect("last").Send(Packets.Publish("t", "small", qos, qos == 0 ? (ushort)0 : (ushort)4));
        _broker.Run();

        subscriber.Payloads().Should().Equal("small");
        _broker.Counters.Dropped(DropReason.PacketTooLarge).Should().Be(3);
    }

    [Fact]
    public void Thousands_of_queued_messages_too_large_for_the_client_are_passed_over_one_after_the_other()
    {
        var broker = new TestBroker(new LimitsOptions { MaxQueuedMessages = 0, MaxQueuedBytes = 0, ReceiveMaximum = ushort.MaxValue });
        var subscriber = broker.Connect(
            new ConnectPacket { Version = ProtocolVersion.V5, ClientId = "s", MaximumPacketSize = 50, ReceiveMaximum = 1 });
        broker.Subscribe(subscriber, "t", QualityOfService.AtLeastOnce);
        var publisher = broker.Connect("p");
        publisher.Send(Packets.Publish1(1, "t", "first"));
        var large = new string('x', 60);
        publisher.Send([.. Enumerable.Range(2, 50_000).Select(id => Packets.Publish1((ushort)id, "t", large))]);
        broker.Run();

        subscriber.Send(new PubAckPacket { PacketId = subscriber.Next<PublishPacket>().PacketId });
        broker.Run();

        broker.Counters.Dropped(DropReason.PacketTooLarge).Should().Be(50_000);
        subscriber.IsClosed.Should().BeFalse();
    }

    [Fact]
    public void Topic_aliases_are_set_with_the_topic_and_then_stand_for_it()
    {
        var subscriber = _broker.Connect(new ConnectPacket { Version = ProtocolVersion.V5, ClientId = "s", TopicAliasMaximum = 1 });
        _broker.Subscribe(subscriber, "#");
        _broker.Connect("p").Send(Packets.Publish("long/topic"), Packets.Publish("long/topic"), Packets.Publish("other/topic"));
        _broker.Run();

        subscriber.Sent.Cast<PublishPacket>().Select(packet => (packet.Topic, packet.TopicAlias))
            .Should().Equal(("long/topic", 1), ("", 1), ("other/topic", 0));
    }

    [Fact]
    public void A_topic_whose_first_message_was_too_large_is_not_said_by_an_alias_that_the_client_never_saw()
    {
        var subscriber = _broker.Connect(
            new ConnectPacket { Version = ProtocolVersion.V5, ClientId = "s", TopicAliasMaximum = 5, MaximumPacketSize = 60 });
        _broker.Subscribe(subscriber, "#");
        _broker.Connect("p").Send(Packets.Publish("long/topic", new string('x', 60)), Packets.Publish("long/topic", "small"));
        _broker.Run();

        subscriber.Next<PublishPacket>().Topic.Should().Be("long/topic");
    }

    [Fact]
    public void A_wrong_acknowledgement_ends_the_connection_and_an_unknown_one_does_not()
    {
        var subscriber = Subscriber("s", QualityOfService.AtLeastOnce);
        _broker.Connect("p").Send(Packets.Publish1(1, "t"));
        _broker.Run();
        var id = subscriber.Next<PublishPacket>().PacketId;

        subscriber.Send(new PubAckPacket { PacketId = 999 }, new PubRecPacket { PacketId = 998 });
        _broker.Run();
        subscriber.Next<PubRelPacket>().ReasonCode.Should().Be(ReasonCode.PacketIdentifierNotFound);
        subscriber.Send(new PubCompPacket { PacketId = id });
        _broker.Run();

        subscriber.Next<DisconnectPacket>().ReasonCode.Should().Be(ReasonCode.ProtocolError);
    }

    [Fact]
    public void A_bridge_gets_the_RETAIN_flag_as_published()
    {
        var bridge = _broker.Connect(new ConnectPacket { Version = ProtocolVersion.V311, ClientId = "b", IsBridge = true });
        var other = _broker.Connect("c", ProtocolVersion.V311);
        _broker.Subscribe(bridge, "t");
        _broker.Subscribe(other, "t");

        _broker.Connect("p").Send(Packets.Publish("t", retain: true));
        _broker.Run();

        bridge.Next<PublishPacket>().Retain.Should().BeTrue();
        other.Next<PublishPacket>().Retain.Should().BeFalse();
    }

    private FakeChannel Subscriber(string clientId, QualityOfService qos = QualityOfService.AtMostOnce)
    {
        var channel = _broker.Connect(clientId);
        _broker.Subscribe(channel, "t", qos);
        return channel;
    }
}
