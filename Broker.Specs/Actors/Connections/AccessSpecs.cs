using Broker.Actors.Connections;
using Broker.Actors.Routing;
using Broker.Actors.Security;
using Broker.Actors.Sessions;
using Broker.Protocol.Packets;
using Broker.Specs.Actors.Security;

namespace Broker.Specs.Actors.Connections;

/// <summary>Where the rules about topics are asked, and that a right that was withdrawn is gone at once.</summary>
public class AccessSpecs
{
    private readonly AccessControl _access = new(AccessPolicySpecs.Policy(false, "allow all all %c/#", "allow all all open/#"), isOpen: false);
    private readonly TestBroker _broker;

    public AccessSpecs() => _broker = new TestBroker(access: _access, loops: 2);

    [Fact]
    public void A_client_publishes_and_subscribes_where_it_may()
    {
        var channel = _broker.Connect("c");

        _broker.Subscribe(channel, "c/+").ReasonCodes.Should().Equal(ReasonCode.GrantedQoS0);
        _broker.Subscribe(channel, "d/+").ReasonCodes.Should().Equal(ReasonCode.NotAuthorized);
        _broker.Subscribe(channel, "$share/g/d/+").ReasonCodes.Should().Equal([ReasonCode.NotAuthorized], "the filter inside counts");
        _broker.Subscribe(channel, "$share/g/open/+").ReasonCodes.Should().Equal(ReasonCode.GrantedQoS0);
        channel.Send(Packets.Publish1(1, "c/x"), Packets.Publish1(2, "d/x"));
        _broker.Run();

        channel.Sent.OfType<PubAckPacket>().Select(ack => ack.ReasonCode).Should().Equal(ReasonCode.Success, ReasonCode.NotAuthorized);
    }

    [Fact]
    public void The_wills_author_is_told_where_there_are_rules_alone_since_versions_without_them_do_not_understand_it()
    {
        var connect = new ConnectPacket { Version = ProtocolVersion.V5, ClientId = "c", Will = new WillMessage { Topic = "c/will", Payload = default } };
        var open = new TestBroker();
        _broker.Open().Send(connect);
        open.Open().Send(connect);

        _broker.Sessions.Next<SessionProtocol.Connect>().WillAuthor!.ClientId.Should().Be("c");
        open.Sessions.Next<SessionProtocol.Connect>().WillAuthor.Should().BeNull();
    }

    [Theory]
    [InlineData(QualityOfService.AtMostOnce)]
    [InlineData(QualityOfService.AtLeastOnce)]
    public void A_right_that_is_withdrawn_stops_the_delivery_to_who_has_subscribed(QualityOfService qos)
    {
        var subscriber = _broker.Connect("s");
        _broker.Subscribe(subscriber, "open/#", qos);
        var publisher = _broker.Connect("p", loop: 1);
        publisher.Send(Packets.Publish("open/x", "before", qos, 1));
        _broker.Run();

        _access.Replace(AccessPolicySpecs.Policy(true, "deny subscribe client s open/#"));
        publisher.Send(Packets.Publish("open/x", "after", qos, 2));
        _broker.Run();

        subscriber.Payloads().Should().Equal("before");
    }

    [Fact]
    public void What_waits_for_a_client_is_looked_at_again_when_it_leaves()
    {
        var subscriber = _broker.Connect(new ConnectPacket { Version = ProtocolVersion.V5, ClientId = "s", ReceiveMaximum = 1 });
        _broker.Subscribe(subscriber, "open/#", QualityOfService.AtLeastOnce);
        var publisher = _broker.Connect("p");
        publisher.Send(Packets.Publish1(1, "open/x", "sent"), Packets.Publish1(2, "open/x", "waits"), Packets.Publish1(3, "open/y", "waits too"));
        _broker.Run();
        var sent = subscriber.Next<PublishPacket>();

        _access.Replace(AccessPolicySpecs.Policy(true, "deny subscribe client s open/x"));
        subscriber.Send(new PubAckPacket { PacketId = sent.PacketId });
        _broker.Run();

        subscriber.Payloads().Should().Equal("waits too");
    }

    [Fact]
    public void A_right_that_is_granted_counts_for_the_topic_that_nobody_had()
    {
        var subscriber = _broker.Connect("s");
        _broker.Subscribe(subscriber, "s/#");
        var publisher = _broker.Connect("p");
        publisher.Send(Packets.Publish("s/x", "before"));
        _broker.Run();

        _access.Replace(AccessPolicySpecs.Policy(true));
        publisher.Send(Packets.Publish("s/x", "after"));
        _broker.Run();

        subscriber.Payloads().Should().Equal("after");
    }

    [Fact]
    public void A_member_of_a_shared_group_that_may_not_have_it_leaves_it_to_another()
    {
        var denied = _broker.Connect("denied");
        var allowed = _broker.Connect("allowed");
        _broker.Subscribe(denied, "$share/g/open/#", QualityOfService.AtLeastOnce);
        _broker.Subscribe(allowed, "$share/g/open/#", QualityOfService.AtLeastOnce);
        _access.Replace(AccessPolicySpecs.Policy(true, "deny subscribe client denied open/#"));

        var publisher = _broker.Connect("p");
        publisher.Send(Packets.Publish1(1, "open/x", "1"), Packets.Publish1(2, "open/x", "2"), Packets.Publish1(3, "open/x", "3"));
        _broker.Run();

        denied.Payloads().Should().BeEmpty();
        allowed.Payloads().Should().Equal("1", "2", "3");
    }

    [Fact]
    public void Queued_messages_of_a_durable_session_go_only_to_who_may_have_them()
    {
        var channel = _broker.ConnectDurable("s");
        var denied = new NumberedDelivery(new Delivery(Packets.Message("secret", qos: QualityOfService.AtLeastOnce), QualityOfService.AtLeastOnce, false, null), 1, false, 1);
        var allowed = new NumberedDelivery(new Delivery(Packets.Message("open/x", "y", QualityOfService.AtLeastOnce), QualityOfService.AtLeastOnce, false, null), 2, false, 2);

        _broker.Answer(channel, new ConnectionProtocol.Deliveries([denied, allowed]));

        channel.Payloads().Should().Equal("y");
        _broker.Sessions.Next<SessionProtocol.Acknowledged>().PacketId.Should().Be(1, "the queue is rid of it");
    }

    [Theory]
    [InlineData("c/gone", ReasonCode.Success)]
    [InlineData("d/gone", ReasonCode.NotAuthorized)]
    public void A_will_is_looked_at_when_the_client_connects(string topic, ReasonCode expected)
    {
        var channel = _broker.Open();
        channel.Send(new ConnectPacket { Version = ProtocolVersion.V5, ClientId = "c", Will = new WillMessage { Topic = topic, Payload = default } });
        _broker.Run();

        if (expected == ReasonCode.Success)
        {
            _broker.Sessions.Next<SessionProtocol.Connect>().WillAuthor.Should().BeEquivalentTo(ClientIdentity.Anonymous("c"));
        }
        else
        {
            channel.Next<ConnAckPacket>().ReasonCode.Should().Be(expected);
        }
    }
}
