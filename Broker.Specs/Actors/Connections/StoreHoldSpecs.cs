using Akka.Actor;
using Akka.Cluster;
using Broker.Actors.Clustering.Links;
using Broker.Actors.Connections;
using Broker.Actors.Routing;
using Broker.Actors.Sessions;
using Broker.Actors.Storage;
using Broker.Protocol.Packets;

namespace Broker.Specs.Actors.Connections;

/// <summary>Whom a full store holds, and until when.</summary>
public class StoreHoldSpecs
{
    private const int Full = 10_000;

    private readonly TestBroker _broker = new(loops: 2);

    public StoreHoldSpecs() => _broker.Context.Routes.Subscribe(
        _broker.Context.DurableSubscribers.GetOrAdd("durable"),
        Routing.Filters.Of("durable"),
        new SubscriptionOptions(QualityOfService.AtLeastOnce));

    [Theory]
    [InlineData("durable", QualityOfService.AtLeastOnce, false)]
    [InlineData("durable", QualityOfService.ExactlyOnce, false)]
    [InlineData("retained", QualityOfService.AtMostOnce, true)]
    [InlineData("retained", QualityOfService.AtLeastOnce, true)]
    public void Who_brings_what_must_be_stored_is_held_until_there_is_room_whatever_loop_it_is_on(string topic, QualityOfService qos, bool retain)
    {
        FakeChannel[] publishers = [_broker.Connect("near", loop: 0), _broker.Connect("far", loop: 1)];
        _broker.StoreBacklog.Add(Full);
        foreach (var publisher in publishers)
        {
            publisher.Send(Publish(topic, qos, 1, retain), Publish(topic, qos, 2, retain));
        }

        _broker.Run();
        publishers.Should().OnlyContain(publisher => publisher.IsPaused);
        (_broker.Durable.Count + _broker.RetainedWrites.Count).Should().Be(2, "one of each");

        _broker.StoreBacklog.Remove(Full);
        _broker.Run();
        publishers.Should().OnlyContain(publisher => !publisher.IsPaused);
        (_broker.Durable.Count + _broker.RetainedWrites.Count).Should().Be(4);
    }

    [Fact]
    public void Traffic_that_needs_no_store_goes_on()
    {
        var (publisher, subscriber) = (_broker.Connect("p"), _broker.Connect("s"));
        _broker.Subscribe(subscriber, "live", QualityOfService.ExactlyOnce);
        _broker.StoreBacklog.Add(Full);

        publisher.Send(
            Publish("durable", QualityOfService.AtMostOnce, 0), Publish("live", QualityOfService.AtLeastOnce, 1), Publish("live", QualityOfService.ExactlyOnce, 2));
        _broker.Run();

        publisher.IsPaused.Should().BeFalse();
        subscriber.Sent.Should().HaveCount(2);
    }

    [Fact]
    public void A_message_that_waits_for_another_node_alone_needs_no_store()
    {
        var elsewhere = new RemoteNode(new UniqueAddress(new Address("akka.tcp", "mqtt", "10.0.0.1", 4053), 1), index: 0) { Link = new RecordingRef("link") };
        _broker.Context.Routes.Tree.Subscribe(elsewhere, Routing.Filters.Of("elsewhere"), new SubscriptionOptions(QualityOfService.ExactlyOnce));
        var publisher = _broker.Connect("p");
        _broker.StoreBacklog.Add(Full);

        publisher.Send(Publish("elsewhere", QualityOfService.AtLeastOnce, 1));
        _broker.Run();

        (publisher.IsPaused, _broker.StoreBacklog.Routed).Should().Be((false, 0));
        publisher.Sent.Should().BeEmpty("it is acknowledged once the other node has taken it");
    }

    [Fact]
    public void A_message_counts_while_it_is_on_its_way()
    {
        var publisher = _broker.Connect("p");
        publisher.Send(Publish("durable", QualityOfService.AtLeastOnce, 1), Publish("nobody", QualityOfService.AtLeastOnce, 2));
        _broker.Run();
        _broker.StoreBacklog.Routed.Should().Be(StoreBacklog.PerMessage + "durable".Length + "x".Length);

        _broker.Durable[0].Pending!.Complete(DeliveryOutcome.Accepted);
        _broker.StoreBacklog.Routed.Should().Be(0);
    }

    [Fact]
    public void A_QoS_2_publish_of_a_durable_session_counts_from_its_arrival_until_it_is_numbered()
    {
        var publisher = _broker.ConnectDurable("p");
        publisher.Send([.. Enumerable.Range(1, 20).Select(id => Publish("nobody", QualityOfService.ExactlyOnce, (ushort)id))]);
        _broker.Run();
        (publisher.IsPaused, _broker.StoreBacklog.Waiting).Should().Be((true, 20 * (StoreBacklog.PerMessage + "nobody".Length + "x".Length)));

        for (var number = 1; number <= 11; number++)
        {
            publisher.IsPaused.Should().BeTrue();
            _broker.Sessions.Next<SessionProtocol.NumberInbound>();
            _broker.Answer(publisher, new ConnectionProtocol.InboundNumbered((ushort)number, new MessageId(1, number), 1, AlreadyRouted: true));
        }

        publisher.IsPaused.Should().BeFalse("half of it has gone");
        publisher.Break();
        _broker.StoreBacklog.Waiting.Should().Be(0, "nobody waits for the others any more");
    }

    [Fact]
    public void A_held_client_that_leaves_is_forgotten()
    {
        var publisher = _broker.Connect("p");
        _broker.StoreBacklog.Add(Full);
        publisher.Send(Publish("durable", QualityOfService.AtLeastOnce, 1));
        _broker.Run();
        publisher.Break();

        _broker.StoreBacklog.Remove(Full);
        _broker.Run();
        publisher.IsPaused.Should().BeTrue("nobody reads from it any more");
    }

    private static PublishPacket Publish(string topic, QualityOfService qos, ushort packetId, bool retain = false) =>
        Packets.Publish(topic, "x", qos, packetId, retain);
}
