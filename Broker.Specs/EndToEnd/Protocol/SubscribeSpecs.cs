using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.EndToEnd.Protocol;

/// <summary>SUBSCRIBE and UNSUBSCRIBE, their options and their answers (sections 3.8 to 3.11).</summary>
public class SubscribeSpecs(SharedBroker shared) : ProtocolSpecs(shared)
{
    [Theory]
    [EveryVersion]
    public async Task Answers_each_filter_by_itself(ProtocolVersion version)
    {
        var topic = Unique.Name("subscribe/each");
        await using var client = await Broker.ConnectAsync(version);

        var answer = await client.TrySubscribeAsync(
            null,
            new SubscriptionRequest($"{topic}/0", AtMostOnce),
            new SubscriptionRequest($"{topic}/#/x", AtLeastOnce),
            new SubscriptionRequest($"{topic}/1", AtLeastOnce),
            new SubscriptionRequest($"{topic}+", AtLeastOnce),
            new SubscriptionRequest($"{topic}/2", ExactlyOnce));

        var refused = version == V5 ? ReasonCode.TopicFilterInvalid : ReasonCode.UnspecifiedError;
        answer.ReasonCodes.Should().Equal(
            ReasonCode.GrantedQoS0, refused, ReasonCode.GrantedQoS1, refused, ReasonCode.GrantedQoS2);
        await client.PublishAsync($"{topic}/1", "granted", AtLeastOnce);
        (await client.ReceiveAsync()).Text().Should().Be("granted");
    }

    [Theory]
    [InlineData("$share/group")]
    [InlineData("$share//topic")]
    [InlineData("$share/gr+up/topic")]
    [InlineData("$share/group/")]
    public async Task Refuses_a_malformed_shared_subscription(string filter)
    {
        await using var client = await Broker.ConnectAsync(V5);

        var answer = await client.TrySubscribeAsync(null, new SubscriptionRequest(filter, AtLeastOnce));

        answer.ReasonCodes.Should().Equal(ReasonCode.TopicFilterInvalid);
    }

    [Theory]
    [EveryVersion]
    public async Task Replaces_a_subscription_of_the_same_filter(ProtocolVersion version)
    {
        var topic = Unique.Name("subscribe/replaced");
        await using var client = await Broker.ConnectAsync(version);
        await client.SubscribeAsync(topic, ExactlyOnce);
        await client.SubscribeAsync(topic, AtLeastOnce);

        await client.PublishAsync(topic, "once", ExactlyOnce);

        (await client.ReceiveAsync()).QoS.Should().Be(AtLeastOnce);
        await ExpectOnlyAsync(client, client, topic);
    }

    [Theory]
    [EveryVersion]
    public async Task Delivers_nothing_after_UNSUBACK(ProtocolVersion version)
    {
        string ended = Unique.Name("subscribe/ended"), kept = Unique.Name("subscribe/kept");
        await using var client = await Broker.ConnectAsync(version);
        await client.SubscribeAsync(ended, AtLeastOnce);
        await client.SubscribeAsync(kept, AtLeastOnce);

        await client.UnsubscribeAsync(ended);

        await client.PublishAsync(ended, "to nobody", AtLeastOnce);
        await ExpectOnlyAsync(client, client, kept);
    }

    [Fact]
    public async Task Says_in_UNSUBACK_which_subscriptions_there_were()
    {
        var topic = Unique.Name("subscribe/unsuback");
        await using var client = await Broker.ConnectAsync(V5);
        await client.SubscribeAsync(topic);

        var answer = await client.UnsubscribeAsync(topic, $"{topic}/never");

        answer.ReasonCodes.Should().Equal(ReasonCode.Success, ReasonCode.NoSubscriptionExisted);
    }

    [Fact]
    public async Task Keeps_a_client_s_own_messages_from_it_for_No_Local()
    {
        var topic = Unique.Name("subscribe/no-local");
        await using var client = await Broker.ConnectAsync(V5);
        await using var other = await Broker.ConnectAsync(V5);
        await client.SubscribeAsync(new SubscriptionRequest(topic, AtLeastOnce, NoLocal: true));

        await client.PublishAsync(topic, "my own", AtLeastOnce);

        await ExpectOnlyAsync(client, other, topic);
    }

    [Fact]
    public async Task Takes_No_Local_on_a_shared_subscription_for_a_protocol_error()
    {
        await using var client = await Broker.ConnectAsync(V5);

        await client.SendAsync(new SubscribePacket
        {
            PacketId = 1,
            Subscriptions = [new SubscriptionRequest($"$share/group/{Unique.Name("t")}", AtLeastOnce, NoLocal: true)],
        });

        await client.ExpectDisconnectAsync(ReasonCode.ProtocolError);
    }

    [Fact]
    public async Task Names_every_subscription_that_a_message_matched()
    {
        var topic = Unique.Name("subscribe/identifiers");
        await using var client = await Broker.ConnectAsync(V5);
        await client.SubscribeAsync(1, new SubscriptionRequest($"{topic}/a", AtLeastOnce));
        await client.SubscribeAsync(268_435_455, new SubscriptionRequest($"{topic}/+", AtLeastOnce));
        await client.SubscribeAsync(new SubscriptionRequest($"{topic}/#", AtLeastOnce));

        await client.PublishAsync($"{topic}/a", "both", AtLeastOnce);
        await client.PublishAsync($"{topic}/b/c", "none", AtLeastOnce);

        (await client.ReceiveAsync()).SubscriptionIdentifiers.Should().BeEquivalentTo([1u, 268_435_455u]);
        (await client.ReceiveAsync()).SubscriptionIdentifiers.Should().BeNull();
    }

    [Fact]
    public async Task Replaces_the_identifier_with_the_subscription()
    {
        var topic = Unique.Name("subscribe/identifier");
        await using var client = await Broker.ConnectAsync(V5);
        await client.SubscribeAsync(1, new SubscriptionRequest(topic, AtLeastOnce));
        await client.SubscribeAsync(2, new SubscriptionRequest(topic, AtLeastOnce));

        await client.PublishAsync(topic, "second", AtLeastOnce);

        (await client.ReceiveAsync()).SubscriptionIdentifiers.Should().Equal(2u);
    }
}
