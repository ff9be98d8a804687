using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.Conformance;

/// <summary>Retained messages (section 3.3.1.3).</summary>
public class RetainStatements(SharedBroker shared) : StatementSpecs(shared)
{
    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.3.1-5", "MQTT-3.3.1-6", "MQTT-3.3.1-8")]
    [Statement(V5, "MQTT-3.3.1-5")]
    public async Task The_last_retained_message_of_each_topic_is_stored_with_its_QoS(ProtocolVersion version)
    {
        var prefix = Unique.Name("retain/last");
        await using var client = await Broker.ConnectAsync(version);
        await client.PublishAsync($"{prefix}/a", "old", AtLeastOnce, retain: true);
        await client.PublishAsync($"{prefix}/a", "new", AtLeastOnce, retain: true);
        await client.PublishAsync($"{prefix}/b", "other", ExactlyOnce, retain: true);

        await client.SubscribeAsync($"{prefix}/+");

        PublishPacket[] received = [await client.ReceiveAsync(), await client.ReceiveAsync()];
        received.Should().OnlyContain(message => message.Retain);
        received.Select(message => (message.Text(), message.QoS)).Should().BeEquivalentTo([("new", AtLeastOnce), ("other", ExactlyOnce)]);
        await client.ExpectNothingAsync();
    }

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.3.1-7")]
    [Statement(V5, "MQTT-3.3.1-5")]
    public async Task A_retained_QoS_0_message_takes_the_place_of_the_one_before(ProtocolVersion version)
    {
        var topic = Unique.Name("retain/qos0");
        await using var client = await Broker.ConnectAsync(version);
        await client.PublishAsync(topic, "old", ExactlyOnce, retain: true);
        await client.PublishAsync(topic, "new", AtMostOnce, retain: true);

        await client.SubscribeAsync(topic);

        var received = await client.ReceiveAsync();
        received.Text().Should().Be("new");
        received.QoS.Should().Be(AtMostOnce);
        await client.ExpectNothingAsync();
    }

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.3.1-9")]
    [Statement(V5, "MQTT-3.3.1-12")]
    public async Task An_existing_subscription_gets_RETAIN_0(ProtocolVersion version)
    {
        var topic = Unique.Name("retain/live");
        await using var client = await Broker.ConnectAsync(version);
        await client.SubscribeAsync(topic);

        await client.PublishAsync(topic, "retained", AtLeastOnce, retain: true);
        await client.PublishAsync(topic, "ordinary", AtLeastOnce);

        (await client.ReceiveAsync()).Retain.Should().BeFalse();
        (await client.ReceiveAsync()).Retain.Should().BeFalse();
    }

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.3.1-10", "MQTT-3.3.1-11")]
    [Statement(V5, "MQTT-3.3.1-6", "MQTT-3.3.1-7")]
    public async Task An_empty_retained_message_removes_and_is_not_stored(ProtocolVersion version)
    {
        var topic = Unique.Name("retain/empty");
        await using var live = await Broker.ConnectAsync(version);
        await using var late = await Broker.ConnectAsync(version);
        await live.PublishAsync(topic, "kept", AtLeastOnce, retain: true);
        await live.SubscribeAsync(topic);
        await live.ReceiveAsync();

        await live.PublishAsync(topic, "", AtLeastOnce, retain: true);

        var empty = await live.ReceiveAsync();
        empty.Payload.Length.Should().Be(0);
        empty.Retain.Should().BeFalse();
        await late.SubscribeAsync(topic);
        await late.ExpectNothingAsync();
    }

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.3.1-12")]
    [Statement(V5, "MQTT-3.3.1-8")]
    public async Task A_message_without_RETAIN_leaves_the_store_alone(ProtocolVersion version)
    {
        string kept = Unique.Name("retain/kept"), never = Unique.Name("retain/never");
        await using var client = await Broker.ConnectAsync(version);
        await client.PublishAsync(kept, "kept", AtLeastOnce, retain: true);
        await client.PublishAsync(kept, "passing", AtLeastOnce);
        await client.PublishAsync(kept, "", AtLeastOnce);
        await client.PublishAsync(never, "passing", AtLeastOnce);

        await client.SubscribeAsync(kept);
        (await client.ReceiveAsync()).Text().Should().Be("kept");
        await client.SubscribeAsync(never);
        await client.ExpectNothingAsync();
    }

    [Fact]
    [Statement(V5, "MQTT-3.3.1-9")]
    public async Task Retain_Handling_0_sends_at_each_SUBSCRIBE() => await ExpectRetainedAsync(RetainHandling.SendAtSubscribe, 1, 1);

    [Fact]
    [Statement(V5, "MQTT-3.3.1-10")]
    public async Task Retain_Handling_1_sends_to_a_new_subscription() => await ExpectRetainedAsync(RetainHandling.SendIfNew, 1, 0);

    [Fact]
    [Statement(V5, "MQTT-3.3.1-11")]
    public async Task Retain_Handling_2_does_not_send() => await ExpectRetainedAsync(RetainHandling.DoNotSend, 0, 0);

    [Fact]
    [Statement(V5, "MQTT-3.3.1-13")]
    public async Task Retain_As_Published_keeps_the_flag()
    {
        var topic = Unique.Name("retain/as-published");
        await using var client = await Broker.ConnectAsync(V5);
        await client.SubscribeAsync(new SubscriptionRequest(topic, AtLeastOnce, RetainAsPublished: true));

        await client.PublishAsync(topic, "retained", AtLeastOnce, retain: true);
        await client.PublishAsync(topic, "ordinary", AtLeastOnce);

        (await client.ReceiveAsync()).Retain.Should().BeTrue();
        (await client.ReceiveAsync()).Retain.Should().BeFalse();
    }

    private async Task ExpectRetainedAsync(RetainHandling handling, int first, int second)
    {
        var topic = Unique.Name("retain/handling");
        await using var client = await Broker.ConnectAsync(V5);
        await client.PublishAsync(topic, "kept", AtLeastOnce, retain: true);
        foreach (var expected in (int[])[first, second])
        {
            await client.SubscribeAsync(new SubscriptionRequest(topic, AtLeastOnce, RetainHandling: handling));
            (await client.ReceiveTextsAsync(expected)).Should().HaveCount(expected);
            await client.ExpectNothingAsync();
        }
    }
}
