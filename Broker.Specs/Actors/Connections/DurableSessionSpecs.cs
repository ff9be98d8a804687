using Broker.Actors.Connections;
using Broker.Actors.Routing;
using Broker.Actors.Sessions;
using Broker.Protocol.Packets;

namespace Broker.Specs.Actors.Connections;

/// <summary>The connection's part of a session that its entity keeps: it asks, and does what it is told.</summary>
public class DurableSessionSpecs
{
    private readonly TestBroker _broker = new();

    [Fact]
    public void SUBSCRIBE_holds_the_client_until_the_entity_has_answered()
    {
        var channel = _broker.ConnectDurable("c");
        channel.Send(
            new SubscribePacket { PacketId = 9, Subscriptions = [new SubscriptionRequest("t", QualityOfService.AtLeastOnce)] },
            PingReqPacket.Instance);
        _broker.Run();
        channel.Sent.Should().BeEmpty();
        _broker.Sessions.Next<SessionProtocol.Subscribe>().Subscriptions.Should().ContainSingle();

        _broker.Answer(channel, new ConnectionProtocol.Subscribed(9, [ReasonCode.GrantedQoS1]));

        channel.Next<SubAckPacket>().ReasonCodes.Should().Equal(ReasonCode.GrantedQoS1);
        channel.Next<PingRespPacket>();
    }

    [Fact]
    public void Deliveries_wait_in_order_while_the_socket_takes_nothing()
    {
        var channel = _broker.ConnectDurable("c");
        channel.IsWritable = false;
        _broker.Answer(channel, Deliveries((1, "a"), (2, "b")));
        _broker.Answer(channel, Deliveries((3, "c")));
        channel.Sent.Should().BeEmpty();

        channel.BecomeWritable();
        _broker.Run();

        channel.Sent.Cast<PublishPacket>().Select(packet => packet.PacketId).Should().Equal(1, 2, 3);
    }

    [Fact]
    public void What_the_client_cannot_take_is_acknowledged_for_it()
    {
        var channel = _broker.Connect(
            new ConnectPacket { Version = ProtocolVersion.V5, ClientId = "c", SessionExpiryInterval = 60, MaximumPacketSize = 30 }, durable: true);
        _broker.Answer(channel, Deliveries((4, new string('x', 40))));

        channel.Sent.Should().BeEmpty();
        var acknowledged = _broker.Sessions.Next<SessionProtocol.Acknowledged>();
        (acknowledged.Type, acknowledged.PacketId, acknowledged.ReasonCode).Should().Be((PacketType.PubAck, 4, ReasonCode.PacketTooLarge));
    }

    [Fact]
    public void A_QoS_2_publish_leaves_only_when_its_identity_is_committed()
    {
        var channel = _broker.ConnectDurable("c");
        var subscriber = _broker.Connect("s");
        _broker.Subscribe(subscriber, "t");
        channel.Send(Packets.Publish2(7, "t", "once"));
        _broker.Run();
        (subscriber.Sent.Count, channel.Sent.Count).Should().Be((0, 0));
        _broker.Sessions.Next<SessionProtocol.NumberInbound>().PacketId.Should().Be(7);

        _broker.Answer(channel, new ConnectionProtocol.InboundNumbered(7, new MessageId(1, 1), 1, AlreadyRouted: false));

        subscriber.Payloads().Should().Equal("once");
        channel.Next<PubRecPacket>().PacketId.Should().Be(7);
        _broker.Sessions.Next<SessionProtocol.InboundRouted>().PacketId.Should().Be(7);
    }

    [Fact]
    public void A_resent_publish_that_everyone_has_gets_PUBREC_and_goes_nowhere()
    {
        var channel = _broker.ConnectDurable("c");
        var subscriber = _broker.Connect("s");
        _broker.Subscribe(subscriber, "t");
        channel.Send(Packets.Publish2(7, "t"));
        _broker.Answer(channel, new ConnectionProtocol.InboundNumbered(7, new MessageId(1, 1), 1, AlreadyRouted: true));

        channel.Next<PubRecPacket>();
        subscriber.Sent.Should().BeEmpty();
    }

    [Fact]
    public void PUBCOMP_waits_for_the_entity()
    {
        var channel = _broker.ConnectDurable("c");
        channel.Send(new PubRelPacket { PacketId = 3 });
        _broker.Run();
        channel.Sent.Should().BeEmpty();

        _broker.Answer(channel, new ConnectionProtocol.InboundReleased(3, WasKnown: false));
        channel.Next<PubCompPacket>().ReasonCode.Should().Be(ReasonCode.PacketIdentifierNotFound);
    }

    [Fact]
    public void A_refused_QoS_2_publish_frees_its_packet_id_in_the_entity()
    {
        var channel = _broker.ConnectDurable("c");
        channel.Send(Packets.Publish2(7, "t"));
        _broker.Sessions.Next<SessionProtocol.NumberInbound>();
        _broker.Answer(channel, new ConnectionProtocol.InboundNumbered(7, default, 0, false, ReasonCode.QuotaExceeded));

        channel.Next<PubRecPacket>().ReasonCode.Should().Be(ReasonCode.QuotaExceeded);
        _broker.Sessions.Next<SessionProtocol.ForgetInbound>().PacketId.Should().Be(7);
    }

    [Fact]
    public void QoS_0_goes_straight_to_the_connection()
    {
        var channel = _broker.ConnectDurable("c");
        _broker.Context.Routes.Subscribe(
            _broker.Context.DurableSubscribers.GetOrAdd("c"), Routing.Filters.Of("t"), new SubscriptionOptions(QualityOfService.ExactlyOnce));
        _broker.Connect("p").Send(Packets.Publish("t", "fast"), Packets.Publish1(1, "t", "queued"));
        _broker.Run();

        channel.Payloads().Should().Equal("fast");
        _broker.Durable.Should().ContainSingle().Which.Publication.Text().Should().Be("queued");
    }

    [Fact]
    public void A_QoS_2_publish_goes_to_the_members_of_shared_groups_that_are_written_down_for_it()
    {
        var channel = _broker.ConnectDurable("c");
        Share("one", "two");
        channel.Send(Packets.Publish2(7, "t", "first"));
        var chosen = _broker.Sessions.Next<SessionProtocol.NumberInbound>();
        chosen.Renews.Should().BeFalse();
        _broker.Answer(channel, new ConnectionProtocol.InboundNumbered(7, new MessageId(1, 1), 1, AlreadyRouted: false, Picks: chosen.Picks));
        var picked = _broker.Durable.Should().ContainSingle().Which.ClientId;
        _broker.Durable.Clear();

        // As after a crash: it is the other one's turn, and the entity answers with the pick that it has.
        channel.Send(Packets.Publish2(8, "t", "sent again"));
        _broker.Sessions.Next<SessionProtocol.NumberInbound>().Picks.Should().NotEqual(chosen.Picks);
        _broker.Answer(channel, new ConnectionProtocol.InboundNumbered(8, new MessageId(1, 2), 1, AlreadyRouted: false, Picks: chosen.Picks));

        _broker.Durable.Should().ContainSingle().Which.ClientId.Should().Be(picked);
    }

    [Fact]
    public void Where_a_member_that_was_picked_is_gone_another_is_written_down_before_the_message_leaves_and_none_passes_it()
    {
        var channel = _broker.ConnectDurable("c");
        Share("one");
        channel.Send(Packets.Publish2(7, "t", "first"), Packets.Publish2(8, "elsewhere", "second"));
        var stale = _broker.Sessions.Next<SessionProtocol.NumberInbound>().Picks;
        _broker.Sessions.Next<SessionProtocol.NumberInbound>().Picks.Should().BeNull("no group matches");
        Leave("one");
        Share("two");
        _broker.Context.Routes.Subscribe(
            _broker.Context.DurableSubscribers.GetOrAdd("other"), Routing.Filters.Of("elsewhere"), new SubscriptionOptions(QualityOfService.ExactlyOnce));

        _broker.Answer(channel, new ConnectionProtocol.InboundNumbered(7, new MessageId(1, 1), 1, AlreadyRouted: false, Picks: stale));
        _broker.Answer(channel, new ConnectionProtocol.InboundNumbered(8, new MessageId(1, 2), 1, AlreadyRouted: false));

        _broker.Durable.Should().BeEmpty();
        var renewed = _broker.Sessions.Next<SessionProtocol.NumberInbound>();
        (renewed.PacketId, renewed.Renews).Should().Be(((ushort)7, true));
        _broker.Answer(channel, new ConnectionProtocol.InboundNumbered(7, new MessageId(1, 1), 1, AlreadyRouted: false, Picks: renewed.Picks));
        _broker.Durable.Select(delivery => (delivery.ClientId, delivery.Publication.Text())).Should().Equal(("two", "first"), ("other", "second"));
    }

    [Fact]
    public void Where_a_member_that_was_picked_goes_while_the_message_waits_for_the_one_before_it_another_is_written_down()
    {
        var channel = _broker.ConnectDurable("c");
        Share("one");
        channel.Send(Packets.Publish2(7, "elsewhere", "first"), Packets.Publish2(8, "t", "second"));
        _broker.Sessions.Next<SessionProtocol.NumberInbound>();
        var stale = _broker.Sessions.Next<SessionProtocol.NumberInbound>().Picks;
        _broker.Answer(channel, new ConnectionProtocol.InboundNumbered(8, new MessageId(1, 2), 1, AlreadyRouted: false, Picks: stale));
        Leave("one");
        Share("two");

        _broker.Answer(channel, new ConnectionProtocol.InboundNumbered(7, new MessageId(1, 1), 1, AlreadyRouted: false));

        _broker.Durable.Should().BeEmpty();
        var renewed = _broker.Sessions.Next<SessionProtocol.NumberInbound>();
        (renewed.PacketId, renewed.Renews).Should().Be(((ushort)8, true));
        _broker.Answer(channel, new ConnectionProtocol.InboundNumbered(8, new MessageId(1, 2), 1, AlreadyRouted: false, Picks: renewed.Picks));
        _broker.Durable.Select(delivery => delivery.ClientId).Should().Equal("two");
    }

    private void Share(params string[] clientIds) => Array.ForEach(clientIds, clientId => _broker.Context.Routes.Subscribe(
        _broker.Context.DurableSubscribers.GetOrAdd(clientId), Routing.Filters.Of("$share/g/t"), new SubscriptionOptions(QualityOfService.ExactlyOnce)));

    private void Leave(string clientId) =>
        _broker.Context.Routes.Unsubscribe(_broker.Context.DurableSubscribers.GetOrAdd(clientId), Routing.Filters.Of("$share/g/t"));

    private static ConnectionProtocol.Deliveries Deliveries(params (ushort PacketId, string Payload)[] items) => new(
        [.. items.Select(item => new NumberedDelivery(
            new Delivery(Packets.Message("t", item.Payload, QualityOfService.AtLeastOnce), QualityOfService.AtLeastOnce, false, null),
            item.PacketId,
            Duplicate: false))]);
}
