using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.EndToEnd.Protocol;

/// <summary>Retained messages (section 3.3.1.3) and the subscription options about them (section 3.8.3.1).</summary>
public class RetainedSpecs(SharedBroker shared) : ProtocolSpecs(shared)
{
    [Theory]
    [EveryVersion]
    public async Task Sends_the_last_retained_message_to_a_new_subscription_with_the_RETAIN_flag(ProtocolVersion version)
    {
        var topic = Unique.Name("retained/last");
        await using var client = await Broker.ConnectAsync(version);
        await client.PublishAsync(topic, "old", ExactlyOnce, retain: true);
        await client.PublishAsync(topic, "new", AtLeastOnce, retain: true);
        await client.PublishAsync(topic, "passing", AtLeastOnce);

        await client.SubscribeAsync(topic, ExactlyOnce);

        var received = await client.ReceiveAsync();
        received.Text().Should().Be("new");
        received.Retain.Should().BeTrue();
        received.QoS.Should().Be(AtLeastOnce);
        await client.ExpectNothingAsync();
    }

    [Theory]
    [EveryVersion]
    public async Task Sends_it_at_the_QoS_of_the_subscription_where_that_is_lower(ProtocolVersion version)
    {
        var topic = Unique.Name("retained/qos");
        await using var client = await Broker.ConnectAsync(version);
        await client.PublishAsync(topic, "kept", ExactlyOnce, retain: true);

        await client.SubscribeAsync(topic, AtMostOnce);

        (await client.ReceiveAsync()).QoS.Should().Be(AtMostOnce);
    }

    [Theory]
    [EveryVersion]
    public async Task Sends_to_subscriptions_that_exist_without_the_RETAIN_flag(ProtocolVersion version)
    {
        var topic = Unique.Name("retained/live");
        await using var client = await Broker.ConnectAsync(version);
        await client.SubscribeAsync(topic);

        await client.PublishAsync(topic, "live", AtLeastOnce, retain: true);

        (await client.ReceiveAsync()).Retain.Should().BeFalse();
    }

    [Theory]
    [EveryVersion]
    public async Task Forgets_it_when_an_empty_payload_is_retained_which_live_subscribers_receive(ProtocolVersion version)
    {
        var topic = Unique.Name("retained/clear");
        await using var live = await Broker.ConnectAsync(version);
        await using var late = await Broker.ConnectAsync(version);
        await live.PublishAsync(topic, "kept", AtLeastOnce, retain: true);
        await live.SubscribeAsync(new SubscriptionRequest(topic, AtLeastOnce));
        (await live.ReceiveAsync()).Text().Should().Be("kept");

        await live.PublishAsync(topic, "", AtLeastOnce, retain: true);

        (await live.ReceiveAsync()).Payload.Length.Should().Be(0);
        await late.SubscribeAsync(topic);
        await late.ExpectNothingAsync();
    }

    [Theory]
    [EveryVersion]
    public async Task Sends_all_that_match_a_wildcard(ProtocolVersion version)
    {
        var prefix = Unique.Name("retained/wild");
        await using var client = await Broker.ConnectAsync(version);
        foreach (var topic in (string[])["a", "b/c", "b/d"])
        {
            await client.PublishAsync($"{prefix}/{topic}", topic, AtLeastOnce, retain: true);
        }

        await client.SubscribeAsync($"{prefix}/b/+");
        (await client.ReceiveTextsAsync(2)).Should().BeEquivalentTo("b/c", "b/d");
        await client.SubscribeAsync($"{prefix}/#");
        (await client.ReceiveTextsAsync(3)).Should().BeEquivalentTo("a", "b/c", "b/d");
        await client.ExpectNothingAsync();
    }

    [Fact]
    public async Task Sends_it_again_at_each_SUBSCRIBE_of_MQTT_3()
    {
        var topic = Unique.Name("retained/again");
        await using var client = await Broker.ConnectAsync(V311);
        await client.PublishAsync(topic, "kept", AtLeastOnce, retain: true);

        await client.SubscribeAsync(topic);
        await client.ReceiveAsync();
        await client.SubscribeAsync(topic);

        (await client.ReceiveAsync()).Text().Should().Be("kept");
    }

    [Theory]
    [InlineData(RetainHandling.SendAtSubscribe, 2)]
    [InlineData(RetainHandling.SendIfNew, 1)]
    [InlineData(RetainHandling.DoNotSend, 0)]
    public async Task Follows_Retain_Handling(RetainHandling handling, int expected)
    {
        var topic = Unique.Name("retained/handling");
        await using var client = await Broker.ConnectAsync(V5);
        await client.PublishAsync(topic, "kept", AtLeastOnce, retain: true);

        await client.SubscribeAsync(new SubscriptionRequest(topic, AtLeastOnce, RetainHandling: handling));
        await client.SubscribeAsync(new SubscriptionRequest(topic, AtLeastOnce, RetainHandling: handling));

        (await client.ReceiveTextsAsync(expected)).Should().HaveCount(expected);
        await client.ExpectNothingAsync();
    }

    [Fact]
    public async Task Keeps_the_RETAIN_flag_for_Retain_As_Published()
    {
        var topic = Unique.Name("retained/as-published");
        await using var client = await Broker.ConnectAsync(V5);
        await client.SubscribeAsync(new SubscriptionRequest(topic, AtLeastOnce, RetainAsPublished: true));

        await client.PublishAsync(topic, "retained", AtLeastOnce, retain: true);
        await client.PublishAsync(topic, "ordinary", AtLeastOnce);

        (await client.ReceiveAsync()).Retain.Should().BeTrue();
        (await client.ReceiveAsync()).Retain.Should().BeFalse();
    }

    [Fact]
    public async Task Keeps_the_properties_of_a_retained_message()
    {
        var topic = Unique.Name("retained/properties");
        await using var client = await Broker.ConnectAsync(V5);
        await client.PublishAsync(topic, "kept", AtLeastOnce, retain: true, new PublishProperties
        {
            ContentType = "text/plain",
            UserProperties = [new UserProperty("b", "1"), new UserProperty("a", "2")],
        });

        await client.SubscribeAsync(7, new SubscriptionRequest(topic, AtLeastOnce));

        var received = await client.ReceiveAsync();
        received.Properties!.ContentType.Should().Be("text/plain");
        received.Properties.UserProperties.Should().Equal(new UserProperty("b", "1"), new UserProperty("a", "2"));
        received.SubscriptionIdentifiers.Should().Equal(7u);
    }

    [Fact]
    public async Task Forgets_a_retained_message_that_has_expired()
    {
        var topic = Unique.Name("retained/expiry");
        await using var client = await Broker.ConnectAsync(V5);
        await client.PublishAsync(topic, "short", AtLeastOnce, retain: true, new PublishProperties { MessageExpiryInterval = 1 });

        await RealTime.PassesAsync(TimeSpan.FromSeconds(2.1));

        await client.SubscribeAsync(topic);
        await client.ExpectNothingAsync();
    }
}
