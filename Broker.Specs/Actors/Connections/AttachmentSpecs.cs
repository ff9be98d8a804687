using Broker.Actors.Connections;
using Broker.Actors.Hosting;
using Broker.Actors.Routing;
using Broker.Actors.Sessions;
using Broker.Protocol.Packets;

namespace Broker.Specs.Actors.Connections;

/// <summary>What a connection tells the entity of its session when something was lost on the way, or the entity is a new one (decision 0009).</summary>
public class AttachmentSpecs
{
    private readonly TestBroker _broker = new();

    [Fact]
    public void A_gap_makes_it_tell_what_its_client_has_not_finished()
    {
        var channel = _broker.ConnectDurable("c");
        Tell(channel, 1, 1, Deliveries((1, 101, 1), (2, 102, 2), (3, 103, 2), (4, 104, 1)));
        channel.Send(new PubAckPacket { PacketId = 1 }, new PubRecPacket { PacketId = 2 });
        _broker.Run();
        _broker.Sessions.Messages.Clear();

        Tell(channel, 1, 3, new ConnectionProtocol.Release(2, ReasonCode.Success, 102));

        var attach = _broker.Sessions.Next<SessionProtocol.Attach>();
        (attach.Attachment, attach.HighestPosition).Should().Be((2, 104));
        attach.Outbound.Should().BeEquivalentTo(
        [
            new OutboundReport(2, 102, QualityOfService.ExactlyOnce, OutboundProgress.Received),
            new OutboundReport(3, 103, QualityOfService.ExactlyOnce, OutboundProgress.Sent),
            new OutboundReport(4, 104, QualityOfService.AtLeastOnce, OutboundProgress.Sent),
        ]);
        channel.Sent.OfType<PubRelPacket>().Should().BeEmpty("something before it was lost");
    }

    [Fact]
    public void What_an_earlier_entity_said_last_does_not_count()
    {
        var channel = _broker.ConnectDurable("c");
        _broker.Answer(channel, ConnectionProtocol.Resume.Instance);
        _broker.Sessions.Next<SessionProtocol.Attach>();

        Tell(channel, 1, 1, Deliveries((1, 101, 1)));
        channel.Sent.Should().BeEmpty();
        Tell(channel, 2, 1, new ConnectionProtocol.Attached(2, null));
        Tell(channel, 2, 2, Deliveries((1, 101, 1)));

        channel.Next<PublishPacket>().PacketId.Should().Be(1);
    }

    [Fact]
    public void A_delivery_that_it_has_already_is_not_written_twice()
    {
        var channel = _broker.ConnectDurable("c");
        Tell(channel, 1, 1, Deliveries((1, 101, 1)));
        channel.Next<PublishPacket>();

        Tell(channel, 1, 2, Deliveries((1, 101, 1)));

        channel.Sent.Should().BeEmpty();
    }

    [Fact]
    public void SUBSCRIBE_is_asked_again_until_it_is_answered_and_answered_once()
    {
        var channel = _broker.ConnectDurable("c");
        channel.Send(new SubscribePacket { PacketId = 9, Subscriptions = [new SubscriptionRequest("t", QualityOfService.AtLeastOnce)] });
        _broker.Sessions.Next<SessionProtocol.Subscribe>();

        _broker.Pass(TimeSpan.FromSeconds(2));
        var attach = _broker.Sessions.Next<SessionProtocol.Attach>();
        attach.Subscribe!.PacketId.Should().Be(9);
        _broker.Pass(TimeSpan.FromSeconds(3));
        _broker.Sessions.Messages.Should().BeEmpty("the second time it waits for longer");
        _broker.Pass(TimeSpan.FromSeconds(1));
        _broker.Sessions.Next<SessionProtocol.Attach>().Attachment.Should().Be(3);

        Tell(channel, 3, 1, new ConnectionProtocol.Attached(3, null));
        Tell(channel, 3, 2, new ConnectionProtocol.Subscribed(9, [ReasonCode.GrantedQoS1]));
        Tell(channel, 3, 3, new ConnectionProtocol.Subscribed(9, [ReasonCode.GrantedQoS1]));

        channel.Next<SubAckPacket>();
        channel.Sent.Should().BeEmpty();
        _broker.Pass(TimeSpan.FromSeconds(60));
        _broker.Sessions.Messages.Should().BeEmpty("nothing is waited for");
    }

    [Fact]
    public void QoS_2_publishes_are_told_in_their_order_with_what_each_waits_for()
    {
        var channel = _broker.ConnectDurable("c");
        channel.Send(Packets.Publish2(9, "t"), Packets.Publish2(3, "t"), Packets.Publish2(5, "t"));
        _broker.Answer(channel, new ConnectionProtocol.InboundNumbered(9, new MessageId(1, 1), 1, AlreadyRouted: false));
        channel.Send(new PubRelPacket { PacketId = 4 });
        _broker.Answer(channel, new ConnectionProtocol.InboundNumbered(5, default, 0, false, ReasonCode.QuotaExceeded));
        _broker.Sessions.Messages.Clear();

        _broker.Answer(channel, ConnectionProtocol.Resume.Instance);

        _broker.Sessions.Next<SessionProtocol.Attach>().Inbound.Should().Equal(
            new InboundReport(9, InboundProgress.Routed),
            new InboundReport(3, InboundProgress.Numbering),
            new InboundReport(5, InboundProgress.Routing),
            new InboundReport(4, InboundProgress.Releasing));
    }

    [Fact]
    public void PUBREL_that_was_asked_again_is_answered_with_success_although_nothing_was_left_to_release()
    {
        var channel = _broker.ConnectDurable("c");
        channel.Send(new PubRelPacket { PacketId = 4 });
        _broker.Answer(channel, ConnectionProtocol.Resume.Instance);

        Tell(channel, 2, 1, new ConnectionProtocol.InboundReleased(4, WasKnown: false));

        channel.Next<PubCompPacket>().ReasonCode.Should().Be(ReasonCode.Success);
    }

    [Fact]
    public void A_check_finds_what_was_lost_last()
    {
        var channel = _broker.ConnectDurable("c");
        _broker.Answer(channel, new ConnectionProtocol.Check(new LaneMark(1, 0)));
        _broker.Sessions.Next<SessionProtocol.Checked>().Mark.Should().Be(new LaneMark(1, 1));

        _broker.Answer(channel, new ConnectionProtocol.Check(new LaneMark(1, 1)));
        _broker.Sessions.Next<SessionProtocol.Attach>();
    }

    [Fact]
    public void A_check_under_another_attachment_finds_that_the_two_disagree()
    {
        var channel = _broker.ConnectDurable("c");
        _broker.Answer(channel, new ConnectionProtocol.Check(new LaneMark(3, 1)));

        _broker.Sessions.Next<SessionProtocol.Attach>().Attachment.Should().Be(2);
    }

    [Fact]
    public void In_a_cluster_it_says_every_ten_seconds_that_it_is_there_unless_it_says_something_else()
    {
        var broker = new TestBroker(cluster: new ClusterOptions { Discovery = DiscoveryMethod.Sql });
        var channel = broker.ConnectDurable("c");
        broker.Pass(TimeSpan.FromSeconds(9));
        broker.Sessions.Messages.Should().BeEmpty();
        broker.Pass(TimeSpan.FromSeconds(1));
        broker.Sessions.Next<SessionProtocol.Checked>().Mark.Should().Be(new LaneMark(1, 1));

        broker.Pass(TimeSpan.FromSeconds(9));
        channel.Send(new PubAckPacket { PacketId = 1 });
        broker.Sessions.Next<SessionProtocol.Acknowledged>();
        broker.Pass(TimeSpan.FromSeconds(9));
        broker.Sessions.Messages.Should().BeEmpty();
    }

    [Fact]
    public void CONNECT_is_asked_again_and_only_the_answer_to_the_last_counts()
    {
        var channel = _broker.Open();
        channel.Send(new ConnectPacket { Version = ProtocolVersion.V5, ClientId = "c", SessionExpiryInterval = 60 });
        _broker.Sessions.Next<SessionProtocol.Connect>().Attempt.Should().Be(0);
        _broker.Pass(TimeSpan.FromSeconds(2));
        _broker.Sessions.Next<SessionProtocol.Connect>().Attempt.Should().Be(1);

        _broker.Answer(channel, new ConnectionProtocol.SessionBound(false, true, Attempt: 0));
        channel.Sent.Should().BeEmpty();
        _broker.Answer(channel, new ConnectionProtocol.SessionBound(false, true, Attempt: 1));
        channel.Next<ConnAckPacket>().ReasonCode.Should().Be(ReasonCode.Success);
        _broker.Answer(channel, new ConnectionProtocol.SessionBound(false, true, Attempt: 1));
        channel.Sent.Should().BeEmpty();
    }

    [Fact]
    public void A_connection_that_waits_for_a_session_is_not_served_by_the_home_before()
    {
        var channel = _broker.Open();
        var connection = (ClientConnection)channel.Handler;
        channel.Send(new ConnectPacket { Version = ProtocolVersion.V5, ClientId = "c" });
        _broker.Sessions.Next<SessionProtocol.Connect>();

        connection.Serve().Should().BeNull();
        _broker.Answer(channel, new ConnectionProtocol.SessionBound(false, false, Attempt: 0));
        channel.Sent.Should().BeEmpty("the new home does not know of it");

        _broker.Sessions.Next<SessionProtocol.Connect>().Attempt.Should().Be(1);
        _broker.Answer(channel, new ConnectionProtocol.SessionBound(false, false, Attempt: 1));
        channel.Next<ConnAckPacket>();
        connection.Serve().Should().Be(new Broker.Actors.Sessions.Guards.ServedClient("c", connection.Number, IsDurable: false));
    }

    [Fact]
    public void A_connection_takes_a_higher_number_where_the_clock_of_another_node_was_ahead()
    {
        var channel = _broker.Open();
        channel.Send(new ConnectPacket { Version = ProtocolVersion.V5, ClientId = "c" });
        var first = _broker.Sessions.Next<SessionProtocol.Connect>().Connection.Number;

        _broker.Answer(channel, new ConnectionProtocol.Renumber(first + (1L << 40)));

        var second = _broker.Sessions.Next<SessionProtocol.Connect>().Connection.Number;
        second.Should().BeGreaterThan(first + (1L << 40));
        _broker.Context.Directory.Post(second, new ConnectionProtocol.SessionBound(false, false)).Should().BeTrue();
        _broker.Context.Directory.Post(first, new ConnectionProtocol.SessionBound(false, false)).Should().BeFalse();
        _broker.Context.Directory.NextNumber().Should().BeGreaterThan(second);
    }

    [Fact]
    public void Numbers_of_two_nodes_never_meet()
    {
        var (one, two) = (new ConnectionDirectory(_broker.Time, 70_001), new ConnectionDirectory(_broker.Time, 70_002));
        var numbers = Enumerable.Range(0, 1_000).SelectMany(_ => (long[])[one.NextNumber(), two.NextNumber()]).ToList();

        numbers.Should().OnlyHaveUniqueItems().And.OnlyContain(number => number > 0);
    }

    [Fact]
    public void The_next_connection_waits_for_a_publish_of_this_one_that_is_on_its_way()
    {
        var channel = _broker.ConnectDurable("c");
        _broker.Context.Routes.Subscribe(
            _broker.Context.DurableSubscribers.GetOrAdd("d"), Routing.Filters.Of("t"), new SubscriptionOptions(QualityOfService.AtLeastOnce));
        channel.Send(Packets.Publish1(1, "t"));
        _broker.Run();

        channel.Break();
        _broker.Run();
        _broker.Sessions.Messages.Should().BeEmpty();
        _broker.Durable[0].Pending!.Complete(DeliveryOutcome.Accepted);
        _broker.Run();

        _broker.Sessions.Next<SessionProtocol.ConnectionClosed>();
        _broker.Context.Directory.Count.Should().Be(0);
    }

    private void Tell(FakeChannel channel, int attachment, long number, object command) => _broker.Answer(
        channel,
        new ConnectionRegistry.ToConnection("c", ((ClientConnection)channel.Handler).Number, command) { Mark = new LaneMark(attachment, number) });

    private static ConnectionProtocol.Deliveries Deliveries(params (ushort PacketId, long Position, int QoS)[] items) => new(
        [.. items.Select(item => new NumberedDelivery(
            new Delivery(Packets.Message("t", "x", (QualityOfService)item.QoS), (QualityOfService)item.QoS, false, null),
            item.PacketId,
            Duplicate: false,
            item.Position))]);
}
