using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.EndToEnd.Protocol;

/// <summary>The properties of an application message on their way (section 3.3.2.3).</summary>
public class MessagePropertySpecs(SharedBroker shared) : ProtocolSpecs(shared)
{
    [Fact]
    public async Task Forwards_every_property_unaltered_and_user_properties_in_order()
    {
        var topic = Unique.Name("properties/all");
        await using var subscriber = await Broker.ConnectAsync(V5);
        await using var publisher = await Broker.ConnectAsync(V5);
        await subscriber.SubscribeAsync(topic);

        await publisher.PublishAsync(topic, "text", AtLeastOnce, properties: new PublishProperties
        {
            PayloadIsUtf8 = true,
            ContentType = "text/plain",
            ResponseTopic = "answers/here",
            CorrelationData = new byte[] { 1, 0, 255 },
            UserProperties = [new UserProperty("b", "1"), new UserProperty("a", "2"), new UserProperty("b", "1"), new UserProperty("", "")],
        });

        var properties = (await subscriber.ReceiveAsync()).Properties!;
        properties.PayloadIsUtf8.Should().BeTrue();
        properties.ContentType.Should().Be("text/plain");
        properties.ResponseTopic.Should().Be("answers/here");
        properties.CorrelationData!.Value.ToArray().Should().Equal(1, 0, 255);
        properties.UserProperties.Should().Equal(
            new UserProperty("b", "1"), new UserProperty("a", "2"), new UserProperty("b", "1"), new UserProperty("", ""));
    }

    [Fact]
    public async Task Leaves_them_out_for_MQTT_3()
    {
        var topic = Unique.Name("properties/v3");
        await using var subscriber = await Broker.ConnectAsync(V311);
        await using var publisher = await Broker.ConnectAsync(V5);
        await subscriber.SubscribeAsync(topic);

        await publisher.PublishAsync(topic, "plain", AtLeastOnce, properties: new PublishProperties { ContentType = "text/plain" });

        (await subscriber.ReceiveAsync()).Text().Should().Be("plain");
    }

    [Fact]
    public async Task Does_not_deliver_a_queued_message_that_has_expired_and_tells_the_rest_of_the_others()
    {
        string topic = Unique.Name("properties/expiry"), clientId = Unique.Name("late");
        await using (var first = await Broker.ConnectPersistentAsync(V5, clientId))
        {
            await first.SubscribeAsync(topic);
        }

        await using var publisher = await Broker.ConnectAsync(V5);
        await publisher.PublishAsync(topic, "short", AtLeastOnce, properties: new PublishProperties { MessageExpiryInterval = 1 });
        await publisher.PublishAsync(topic, "long", AtLeastOnce, properties: new PublishProperties { MessageExpiryInterval = 100 });
        await publisher.PublishAsync(topic, "endless", AtLeastOnce);

        await RealTime.PassesAsync(TimeSpan.FromSeconds(2.1));

        await using var late = await Broker.ConnectPersistentAsync(V5, clientId);
        var received = await late.ReceiveAsync();
        received.Text().Should().Be("long");
        received.Properties!.MessageExpiryInterval.Should().BeInRange(80, 98);
        received = await late.ReceiveAsync();
        received.Text().Should().Be("endless");
        received.Properties?.MessageExpiryInterval.Should().BeNull();
    }

    [Fact]
    public async Task Carries_a_request_and_its_answer()
    {
        string requests = Unique.Name("properties/requests"), answers = Unique.Name("properties/answers");
        await using var requester = await Broker.ConnectAsync(V5);
        await using var responder = await Broker.ConnectAsync(V5);
        await requester.SubscribeAsync(answers);
        await responder.SubscribeAsync(requests);

        await requester.PublishAsync(requests, "2 + 2", AtLeastOnce, properties: new PublishProperties
        {
            ResponseTopic = answers,
            CorrelationData = "sum"u8.ToArray(),
        });
        var request = (await responder.ReceiveAsync()).Properties!;
        await responder.PublishAsync(
            request.ResponseTopic!, "4", AtLeastOnce, properties: new PublishProperties { CorrelationData = request.CorrelationData });

        var answer = await requester.ReceiveAsync();
        answer.Text().Should().Be("4");
        answer.Properties!.CorrelationData!.Value.Span.SequenceEqual("sum"u8).Should().BeTrue();
    }
}
