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

    private static ConnectionProtocol.Deliveries Deliveries(params (ushort PacketId, string Payload)[] items) => new(
        [.. items.Select(item => new NumberedDelivery(
            new Delivery(Packets.Message("t", item.Payload, QualityOfService.AtLeastOnce), QualityOfService.AtLeastOnce, false, null),
            item.PacketId,
            Duplicate: false))]);
}
