using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using Broker.Specs.Protocol.Codec;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.Conformance;

/// <summary>Subscription identifiers (sections 3.3.4 and 3.8.2.1.2), MQTT 5.</summary>
public class SubscriptionIdentifierStatements(SharedBroker shared) : StatementSpecs(shared)
{
    [Fact]
    [Statement(V5, "MQTT-3.3.4-3", "MQTT-3.3.4-4", "MQTT-3.3.4-5")]
    public async Task The_identifiers_of_all_matching_subscriptions_come_with_the_message()
    {
        var prefix = Unique.Name("identifiers");
        await using var subscriber = await Broker.ConnectAsync(V5);
        await using var publisher = await Broker.ConnectAsync(V5);
        Require(subscriber.ConnAck.SubscriptionIdentifiersAvailable is not false, "a broker with subscription identifiers");
        await subscriber.SubscribeAsync(1, new SubscriptionRequest($"{prefix}/#", AtLeastOnce));
        await subscriber.SubscribeAsync(268_435_455, new SubscriptionRequest($"{prefix}/a", ExactlyOnce));
        await subscriber.SubscribeAsync(3, new SubscriptionRequest($"{prefix}/b", AtLeastOnce));
        await subscriber.SubscribeAsync($"{prefix}/+", AtMostOnce);
        await subscriber.SubscribeAsync($"{prefix}-end", AtMostOnce);

        await publisher.PublishAsync($"{prefix}/a", "x", ExactlyOnce);
        await publisher.PublishAsync($"{prefix}-end", "end");

        // One copy with all of them, or a copy for each: the broker's choice.
        var copies = new List<PublishPacket>();
        while (await subscriber.ReceiveAsync() is { } message && message.Text() != "end")
        {
            copies.Add(message);
        }

        copies.SelectMany(copy => copy.SubscriptionIdentifiers ?? []).Should().BeEquivalentTo([1u, 268_435_455u]);
        if (copies.Count > 1)
        {
            copies.Should().OnlyContain(copy => copy.SubscriptionIdentifiers == null || copy.SubscriptionIdentifiers.Count == 1);
        }
    }

    [Fact]
    [Statement(V5, "MQTT-3.3.4-6", "MQTT-4.13.1-1")]
    public async Task A_client_s_message_with_an_identifier_ends_the_connection() =>
        await ExpectEndAsync(V5, Wire.Packet("30", "<a/b> 02 0B 01 'x'"));

    [Fact]
    [Statement(V5, "MQTT-4.13.1-1")]
    public async Task Identifier_0_ends_the_connection() => await ExpectEndAsync(V5, Wire.Packet("82", "0001 02 0B00 <a/b> 00"));
}
