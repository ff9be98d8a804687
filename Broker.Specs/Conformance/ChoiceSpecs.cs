using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.Conformance;

/// <summary>What the standard leaves to the broker and docs/behaviour.md promises, where no other spec shows it already.</summary>
public class ChoiceSpecs(SharedBroker shared) : ProtocolSpecs(shared)
{
    [Fact]
    public async Task One_copy_comes_for_overlapping_subscriptions_with_RETAIN_where_any_of_them_keeps_it()
    {
        var topic = Unique.Name("choice/overlap");
        await using var client = await Broker.ConnectAsync(V5);
        await client.SubscribeAsync(
            new SubscriptionRequest($"{topic}/+", AtMostOnce), new SubscriptionRequest($"{topic}/#", ExactlyOnce, RetainAsPublished: true));

        await client.PublishAsync($"{topic}/a", "once", ExactlyOnce, retain: true);

        var received = await client.ReceiveAsync();
        (received.Text(), received.QoS, received.Retain).Should().Be(("once", ExactlyOnce, true));
        await client.ExpectNothingAsync();
    }

    [Fact]
    public async Task No_Local_silences_its_own_subscription_only()
    {
        var topic = Unique.Name("choice/no-local");
        await using var client = await Broker.ConnectAsync(V5);
        await client.SubscribeAsync(1, new SubscriptionRequest($"{topic}/+", ExactlyOnce, NoLocal: true));
        await client.SubscribeAsync(2, new SubscriptionRequest($"{topic}/#", AtLeastOnce));

        await client.PublishAsync($"{topic}/a", "own", ExactlyOnce);

        var received = await client.ReceiveAsync();
        received.QoS.Should().Be(AtLeastOnce);
        received.SubscriptionIdentifiers.Should().Equal(2u);
        await client.ExpectNothingAsync();
    }

    [Fact]
    public async Task A_shared_subscription_and_an_ordinary_one_of_the_same_client_bring_a_copy_each()
    {
        var topic = Unique.Name("choice/both");
        await using var client = await Broker.ConnectAsync(V5);
        await client.SubscribeAsync(new SubscriptionRequest(topic, AtLeastOnce), new SubscriptionRequest($"$share/group/{topic}", AtLeastOnce));

        await client.PublishAsync(topic, "twice", AtLeastOnce);

        (await client.ReceiveTextsAsync(2)).Should().Equal("twice", "twice");
        await client.ExpectNothingAsync();
    }

    [Theory]
    [EveryVersion]
    public async Task What_was_on_its_way_comes_again_before_what_was_queued(ProtocolVersion version)
    {
        string topic = Unique.Name("choice/order"), clientId = Unique.Name("order");
        await using var publisher = await Broker.ConnectAsync(V5);
        await using (var first = await Broker.ConnectPersistentAsync(version, clientId))
        {
            await first.SubscribeAsync(topic);
            await publisher.PublishAsync(topic, "1", AtLeastOnce);
            await publisher.PublishAsync(topic, "2", ExactlyOnce);
            await first.ExpectAsync<PublishPacket>();
            await first.ExpectAsync<PublishPacket>();
        }

        await publisher.PublishAsync(topic, "3", AtLeastOnce);
        await publisher.PublishAsync(topic, "4", ExactlyOnce);

        await using var again = await Broker.ConnectPersistentAsync(version, clientId);
        (await again.ReceiveTextsAsync(4)).Should().Equal("1", "2", "3", "4");
    }

    [Theory]
    [EveryVersion]
    public async Task Topics_that_begin_with_a_dollar_sign_are_ordinary_ones_for_those_who_name_it(ProtocolVersion version)
    {
        var name = Unique.Name("dollar");
        await using var client = await Broker.ConnectAsync(version);
        await client.SubscribeAsync($"$mine/{name}/#", AtLeastOnce);

        await client.PublishAsync($"$mine/{name}/a", "x", AtLeastOnce, retain: true);

        (await client.ReceiveAsync()).Text().Should().Be("x");
    }

    [Theory]
    [EveryVersion]
    public async Task QoS_0_is_not_kept_for_a_session_that_is_away(ProtocolVersion version)
    {
        string topic = Unique.Name("choice/qos0"), clientId = Unique.Name("away");
        await using (var first = await Broker.ConnectPersistentAsync(version, clientId))
        {
            await first.SubscribeAsync(topic);
            await first.DisconnectAsync();
        }

        await using var publisher = await Broker.ConnectAsync(V5);
        await publisher.PublishAsync(topic, "not kept");
        await publisher.PublishAsync(topic, "kept", AtLeastOnce);

        await using var again = await Broker.ConnectPersistentAsync(version, clientId);
        (await again.ReceiveAsync()).Text().Should().Be("kept");
        await again.ExpectNothingAsync();
    }

    [Fact]
    public async Task A_retained_message_is_handed_out_with_what_is_left_of_its_expiry()
    {
        var topic = Unique.Name("choice/retained");
        await using var client = await Broker.ConnectAsync(V5);
        await client.PublishAsync(topic, "kept", AtLeastOnce, retain: true, new PublishProperties { MessageExpiryInterval = 100 });
        await RealTime.PassesAsync(TimeSpan.FromSeconds(1.2));

        await client.SubscribeAsync(topic);

        (await client.ReceiveAsync()).Properties!.MessageExpiryInterval.Should().BeInRange(80, 99);
    }

    [Fact]
    public async Task Members_of_a_share_that_are_all_away_are_given_messages_in_turn()
    {
        var topic = Unique.Name("choice/away");
        string[] members = [Unique.Name("one"), Unique.Name("other")];
        foreach (var member in members)
        {
            await using var client = await Broker.ConnectPersistentAsync(V5, member);
            await client.SubscribeAsync($"$share/group/{topic}", AtLeastOnce);
            await client.DisconnectAsync();
        }

        await using var publisher = await Broker.ConnectAsync(V5);
        foreach (var number in Enumerable.Range(1, 6))
        {
            await publisher.PublishAsync(topic, $"{number}", AtLeastOnce);
        }

        var received = new List<string>();
        foreach (var member in members)
        {
            await using var again = await Broker.ConnectPersistentAsync(V5, member);
            received.AddRange(await again.ReceiveTextsAsync(3));
        }

        received.Should().BeEquivalentTo("1", "2", "3", "4", "5", "6");
    }

    [Fact]
    public async Task A_share_whose_members_have_no_session_left_is_no_subscriber()
    {
        var topic = Unique.Name("choice/nobody");
        await using (var member = await Broker.ConnectAsync(V5))
        {
            await member.SubscribeAsync($"$share/group/{topic}", AtLeastOnce);
            await member.DisconnectAsync();
        }

        await using var publisher = await Broker.ConnectAsync(V5);
        (await publisher.PublishAsync(topic, "x", AtLeastOnce)).Should().Be(ReasonCode.NoMatchingSubscribers);
    }

    [Fact]
    public async Task A_take_over_within_the_will_delay_cancels_the_will()
    {
        string topic = Unique.Name("choice/will"), clientId = Unique.Name("taken");
        await using var witness = await Broker.ConnectAsync(V5);
        await witness.SubscribeAsync(topic, AtLeastOnce);
        await using var old = await Broker.ConnectAsync(
            V5, clientId, cleanStart: false, sessionExpiry: 300, will: new WillMessage { Topic = topic, Payload = "gone"u8.ToArray(), DelayInterval = 1 });

        await using var taker = await Broker.ConnectPersistentAsync(V5, clientId);
        await RealTime.PassesAsync(TimeSpan.FromSeconds(2));

        await ExpectOnlyAsync(witness, taker, topic);
    }

    [Theory]
    [EveryVersion]
    public async Task A_client_with_keep_alive_0_may_be_silent(ProtocolVersion version)
    {
        await using var client = await Broker.ConnectAsync(version, keepAlive: 0);
        client.ConnAck.ServerKeepAlive.Should().BeNull();

        await RealTime.PassesAsync(TimeSpan.FromSeconds(3));

        await client.ExpectNothingAsync();
    }
}
