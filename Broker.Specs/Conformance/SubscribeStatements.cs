using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using Broker.Specs.Protocol.Codec;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.Conformance;

/// <summary>SUBSCRIBE and SUBACK (sections 3.8 and 3.9).</summary>
public class SubscribeStatements(SharedBroker shared) : StatementSpecs(shared)
{
    private static readonly ReasonCode[] SubAckCodes =
    [
        ReasonCode.GrantedQoS0, ReasonCode.GrantedQoS1, ReasonCode.GrantedQoS2, ReasonCode.UnspecifiedError,
        ReasonCode.ImplementationSpecificError, ReasonCode.NotAuthorized, ReasonCode.TopicFilterInvalid, ReasonCode.PacketIdentifierInUse,
        ReasonCode.QuotaExceeded, ReasonCode.SharedSubscriptionsNotSupported, ReasonCode.SubscriptionIdentifiersNotSupported,
        ReasonCode.WildcardSubscriptionsNotSupported,
    ];

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.8.1-1", "MQTT-2.2.2-2")]
    [Statement(V5, "MQTT-3.8.1-1", "MQTT-4.13.1-1")]
    [Statement(V5, "MQTT-2.1.3-1", IsOurAnswer = true)]
    public async Task SUBSCRIBE_with_other_flags_ends_the_connection(ProtocolVersion version)
    {
        var body = $"0001 {NoProperties(version)} <a/b> 00";
        await ExpectEndAsync(version, Wire.Packet("80", body), Wire.Packet("81", body), Wire.Packet("83", body), Wire.Packet("8A", body));
    }

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.8.3-1", "MQTT-1.5.3-1", "MQTT-1.5.3-2", "MQTT-4.7.3-2")]
    [Statement(V5, "MQTT-3.8.3-1", "MQTT-1.5.4-1", "MQTT-1.5.4-2", "MQTT-4.7.3-2")]
    public async Task A_filter_that_is_no_string_ends_the_connection(ProtocolVersion version) =>
        await ExpectEndAsync(
            version,
            Wire.Packet("82", $"0001 {NoProperties(version)} 0002 C328 00"),
            Wire.Packet("82", $"0001 {NoProperties(version)} 0003 EDBFBF 00"),
            Wire.Packet("82", $"0001 {NoProperties(version)} 0002 'a' 00 00"));

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.8.3-3")]
    [Statement(V5, "MQTT-3.8.3-2")]
    public async Task SUBSCRIBE_without_a_filter_ends_the_connection(ProtocolVersion version) =>
        await ExpectEndAsync(version, Wire.Packet("82", $"0001 {NoProperties(version)}"));

    [Fact]
    [Statement(V5, "MQTT-3.8.3-5")]
    public async Task Reserved_subscription_options_end_the_connection() =>
        await ExpectEndAsync(V5, Wire.Packet("82", "0001 00 <a/b> 40"), Wire.Packet("82", "0001 00 <a/b> 80"));

    [Fact]
    [Statement(V311, "MQTT-4.8.0-1")]
    public async Task A_requested_QoS_that_does_not_exist_ends_the_connection() =>
        await ExpectEndAsync(V311, Wire.Packet("82", "0001 <a/b> 03"), Wire.Packet("82", "0001 <a/b> 04"));

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.8.4-1", "MQTT-3.8.4-2", "MQTT-2.3.1-7")]
    [Statement(V5, "MQTT-3.8.4-1", "MQTT-3.8.4-2", "MQTT-2.2.1-6", "MQTT-3.8.4-6", "MQTT-3.8.4-7")]
    public async Task SUBACK_answers_SUBSCRIBE_under_its_packet_id(ProtocolVersion version)
    {
        await using var client = await Broker.ConnectAsync(version);
        foreach (var packetId in (ushort[])[1, 258, 65_535])
        {
            await client.SendAsync(Subscribe(packetId, new SubscriptionRequest(Unique.Name("subscribe/id"), AtLeastOnce)));
            var answer = await client.ExpectAsync<SubAckPacket>();
            answer.PacketId.Should().Be(packetId);
            answer.ReasonCodes.Should().Equal(ReasonCode.GrantedQoS1);
        }
    }

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.9.3-2")]
    [Statement(V5, "MQTT-3.8.4-6", "MQTT-3.8.4-7", "MQTT-3.9.3-2")]
    public async Task Every_filter_has_a_code_that_says_what_was_granted(ProtocolVersion version)
    {
        await using var client = await Broker.ConnectAsync(version);
        foreach (var qos in Enum.GetValues<QualityOfService>())
        {
            SubscriptionRequest[] requests = [.. Enumerable.Range(1, 3).Select(_ => new SubscriptionRequest(Unique.Name("subscribe/code"), qos))];

            var answer = await client.TrySubscribeAsync(null, requests);

            answer.ReasonCodes.Should().HaveCount(3).And.OnlyContain(code => (int)code <= (int)qos);
        }
    }

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.8.4-4", "MQTT-3.9.3-1")]
    [Statement(V5, "MQTT-3.8.4-5", "MQTT-3.9.3-1")]
    public async Task Several_filters_get_one_SUBACK_with_a_code_for_each_in_order(ProtocolVersion version)
    {
        var prefix = Unique.Name("subscribe/several");
        await using var client = await Broker.ConnectAsync(version);

        await client.SendAsync(Subscribe(
            9,
            new SubscriptionRequest($"{prefix}/2", ExactlyOnce),
            new SubscriptionRequest($"{prefix}/0", AtMostOnce),
            new SubscriptionRequest($"{prefix}/1", AtLeastOnce),
            new SubscriptionRequest($"{prefix}/2", AtLeastOnce)));

        var answer = await client.ExpectAsync<SubAckPacket>();
        answer.ReasonCodes.Should().Equal(ReasonCode.GrantedQoS2, ReasonCode.GrantedQoS0, ReasonCode.GrantedQoS1, ReasonCode.GrantedQoS1);
        await client.ExpectNothingAsync();
        foreach (var level in (int[])[0, 1, 2])
        {
            // As after several packets the last subscription to a filter counts.
            await client.PublishAsync($"{prefix}/{level}", $"{level}", ExactlyOnce);
            var received = await client.ExpectEventuallyAsync<PublishPacket>();
            await client.AcknowledgeAsync(received);
            ((int)received.QoS).Should().Be(Math.Min(level, 1));
        }
    }

    [Fact]
    [Statement(V311, "MQTT-4.7.1-2", "MQTT-4.7.1-3")]
    [Statement(V311, "MQTT-3.9.3-2", IsOurAnswer = true)]
    public async Task A_filter_that_is_invalid_is_refused_with_0x80_or_ends_the_connection() =>
        await ExpectNotGrantedAsync(V311, [ReasonCode.UnspecifiedError], "a/#/b", "a/b#", "a/b+", "+a/b", "##");

    [Fact]
    [Statement(V5, "MQTT-4.7.1-1", "MQTT-4.7.1-2")]
    [Statement(V5, "MQTT-3.9.3-2", IsOurAnswer = true)]
    public async Task A_filter_that_is_invalid_is_refused_with_a_code_of_SUBACK_or_ends_the_connection() =>
        await ExpectNotGrantedAsync(V5, SubAckCodes[3..], "a/#/b", "a/b#", "a/b+", "+a/b", "##");

    [Fact]
    [Statement(V311, "MQTT-4.7.3-1")]
    public async Task An_empty_filter_is_refused_with_0x80_or_ends_the_connection() =>
        await ExpectNotGrantedAsync(V311, [ReasonCode.UnspecifiedError], "");

    [Fact]
    [Statement(V5, "MQTT-4.7.3-1")]
    public async Task An_empty_filter_is_refused_or_ends_the_connection() => await ExpectNotGrantedAsync(V5, SubAckCodes[3..], "");

    [Fact]
    [Statement(V5, "MQTT-4.8.2-1", "MQTT-4.8.2-2", IsOurAnswer = true)]
    public async Task A_shared_subscription_without_name_or_filter_is_refused_or_ends_the_connection() =>
        await ExpectNotGrantedAsync(V5, SubAckCodes[3..], "$share/name", "$share//a", "$share/name/", "$share/na+me/a", "$share/na#me/a", "$share/#/a");

    [Fact]
    [Statement(V311, "MQTT-3.8.3-2")]
    public async Task Filters_with_wildcards_are_served_or_refused()
    {
        var prefix = Unique.Name("subscribe/wild");
        await using var client = await Broker.ConnectAsync(V311);

        var answer = await client.TrySubscribeAsync(
            null, new SubscriptionRequest($"{prefix}/+/x", AtLeastOnce), new SubscriptionRequest($"{prefix}/y/#", AtLeastOnce));

        if (answer.ReasonCodes.Any(code => code == ReasonCode.UnspecifiedError))
        {
            answer.ReasonCodes.Should().OnlyContain(code => code == ReasonCode.UnspecifiedError);
            return;
        }

        await client.PublishAsync($"{prefix}/a/x", "+");
        await client.PublishAsync($"{prefix}/y/b/c", "#");
        (await client.ReceiveTextsAsync(2)).Should().Equal("+", "#");
    }

    [Fact]
    [Statement(V5, "MQTT-3.8.4-3", "MQTT-3.8.4-4")]
    public async Task A_subscription_to_the_same_filter_takes_the_place_of_the_one_before_and_sends_retained_messages_again()
    {
        var topic = Unique.Name("subscribe/replace");
        await using var client = await Broker.ConnectAsync(V5);
        await client.PublishAsync(topic, "kept", AtLeastOnce, retain: true);
        foreach (var qos in (QualityOfService[])[ExactlyOnce, AtMostOnce, AtLeastOnce])
        {
            await client.SubscribeAsync(topic, qos);
            var retained = await client.ReceiveAsync();
            (retained.Text(), retained.Retain).Should().Be(("kept", true));
        }

        await client.PublishAsync(topic, "live", ExactlyOnce);

        var live = await client.ExpectEventuallyAsync<PublishPacket>();
        live.QoS.Should().Be(AtLeastOnce);
        await client.AcknowledgeAsync(live);
        await client.ExpectNothingAsync();
    }

    [Fact]
    [Statement(V5, "MQTT-3.8.4-4")]
    public async Task No_message_is_lost_while_a_subscription_is_replaced()
    {
        var topic = Unique.Name("subscribe/lossless");
        await using var subscriber = await Broker.ConnectAsync(V5);
        await using var publisher = await Broker.ConnectAsync(V5);
        await subscriber.SubscribeAsync(topic, AtLeastOnce);

        var publishing = Task.Run(async () =>
        {
            foreach (var number in Enumerable.Range(1, 200))
            {
                await publisher.PublishAsync(topic, $"{number}", AtLeastOnce);
            }
        });
        for (var qos = 1; !publishing.IsCompleted; qos = 3 - qos)
        {
            await subscriber.SubscribeAsync(topic, (QualityOfService)qos);
        }

        await publishing;
        (await subscriber.ReceiveTextsAsync(200)).Should().Equal(Enumerable.Range(1, 200).Select(number => $"{number}"));
    }

    [Fact]
    [Statement(V5, "MQTT-3.8.4-8")]
    public async Task A_message_comes_at_the_lower_of_its_QoS_and_the_one_granted()
    {
        foreach (var granted in Enum.GetValues<QualityOfService>())
        {
            var topic = Unique.Name("subscribe/lower");
            await using var subscriber = await Broker.ConnectAsync(V5);
            await using var publisher = await Broker.ConnectAsync(V5);
            await subscriber.SubscribeAsync(topic, granted);
            foreach (var published in Enum.GetValues<QualityOfService>())
            {
                await publisher.PublishAsync(topic, $"{published}", published);
                (await subscriber.ReceiveAsync()).QoS.Should().Be(published < granted ? published : granted);
            }
        }
    }

    [Fact]
    [Statement(V5, "MQTT-3.8.3-3")]
    public async Task No_Local_keeps_a_client_s_own_messages_from_it()
    {
        var topic = Unique.Name("subscribe/no-local");
        await using var client = await Broker.ConnectAsync(V5);
        await using var other = await Broker.ConnectAsync(V5);
        await client.SubscribeAsync(new SubscriptionRequest(topic, AtLeastOnce, NoLocal: true));

        await client.PublishAsync(topic, "own", AtLeastOnce);

        await ExpectOnlyAsync(client, other, topic);
    }

    [Fact]
    [Statement(V5, "MQTT-3.8.3-4")]
    public async Task No_Local_on_a_shared_subscription_ends_the_connection() =>
        await ExpectEndAsync(V5, Wire.Packet("82", "0001 00 <$share/name/a> 04"));

    private static SubscribePacket Subscribe(ushort packetId, params SubscriptionRequest[] subscriptions) =>
        new() { PacketId = packetId, Subscriptions = subscriptions };

    private async Task ExpectNotGrantedAsync(ProtocolVersion version, ReasonCode[] allowed, params string[] filters)
    {
        foreach (var filter in filters)
        {
            await using var client = await Broker.ConnectAsync(version);
            await client.SendAsync(Wire.Packet("82", $"0007 {NoProperties(version)} <{filter}> 00"));
            var answer = await client.NextAsync();
            if (answer is SubAckPacket refusal)
            {
                refusal.PacketId.Should().Be(7);
                refusal.ReasonCodes.Should().ContainSingle().Which.Should().BeOneOf(allowed, "\"{0}\" is no filter", filter);
                await client.ExpectNothingAsync();
            }
            else
            {
                await client.ExpectCloseAsync();
            }
        }
    }
}
