using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using Broker.Specs.Protocol.Codec;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.Conformance;

/// <summary>What the properties of CONNECT and CONNACK bind the server to (sections 3.1.2.11 and 3.2.2.3), MQTT 5.</summary>
public class ConnectPropertyStatements(SharedBroker shared) : StatementSpecs(shared)
{
    [Fact]
    [Statement(V5, "MQTT-3.1.2-24")]
    public async Task A_message_too_large_for_a_client_is_not_sent_to_it() => await ExpectDroppedAsync(receiveMaximum: null);

    [Fact]
    [Statement(V5, "MQTT-3.1.2-25")]
    public async Task A_message_too_large_for_a_client_takes_no_place_in_its_window() => await ExpectDroppedAsync(receiveMaximum: 1);

    [Fact]
    [Statement(V5, "MQTT-3.1.2-24")]
    public async Task A_CONNACK_too_large_for_the_client_is_not_sent()
    {
        // Maximum Packet Size 6, then DISCONNECT, so that the connection ends in any case.
        var connect = Wire.Packet("10", $"<MQTT> 05 02 0000 05 27 00000006 <{Unique.Name("tiny")}>");
        var answer = await RawExchange.UntilClosedAsync(Broker, connect, Wire.Bytes("E000"));

        answer.Length.Should().BeLessThanOrEqualTo(6);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [Statement(V5, "MQTT-3.1.2-26", "MQTT-3.3.2-11", "MQTT-3.3.2-8")]
    public async Task No_topic_alias_is_above_the_client_s_maximum(ushort maximum)
    {
        var prefix = Unique.Name("alias");
        await using var client = await Broker.ConnectAsync(V5, topicAliasMaximum: maximum);
        await client.SubscribeAsync($"{prefix}/#", AtMostOnce);

        foreach (var number in Enumerable.Range(0, 10))
        {
            await client.SendAsync(new PublishPacket { Topic = $"{prefix}/{number % 5}", Payload = "x"u8.ToArray() });
        }

        foreach (var _ in Enumerable.Range(0, 10))
        {
            var received = await client.ExpectAsync<PublishPacket>();
            received.TopicAlias.Should().BeLessThanOrEqualTo(maximum);
            (received.Topic.Length > 0 || received.TopicAlias > 0).Should().BeTrue();
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Statement(V5, "MQTT-3.1.2-27")]
    public async Task No_topic_alias_goes_to_a_client_that_allows_none(bool saysSo)
    {
        var topic = Unique.Name("no-alias");
        await using var client = await RawClient.OpenAsync(Broker, V5);
        await client.SendAsync(Wire.Packet("10", $"<MQTT> 05 02 0000 {(saysSo ? "03 22 0000" : "00")} <{Unique.Name("plain")}>"));
        await client.ExpectAsync<ConnAckPacket>();
        await client.SubscribeAsync(topic, AtMostOnce);

        foreach (var _ in Enumerable.Range(0, 3))
        {
            await client.SendAsync(new PublishPacket { Topic = topic, Payload = "x"u8.ToArray() });
            var received = await client.ExpectAsync<PublishPacket>();
            received.TopicAlias.Should().Be(0);
            received.Topic.Should().Be(topic);
        }
    }

    [Fact]
    [Statement(V5, "MQTT-3.1.2-28")]
    public async Task No_Response_Information_comes_unasked()
    {
        await using var silent = await Broker.ConnectAsync(V5);
        await using var declining = await RawClient.OpenAsync(Broker, V5);
        await declining.SendAsync(Wire.Packet("10", $"<MQTT> 05 02 0000 02 1900 <{Unique.Name("declining")}>"));

        silent.ConnAck.ResponseInformation.Should().BeNull();
        (await declining.ExpectAsync<ConnAckPacket>()).ResponseInformation.Should().BeNull();
    }

    [Fact]
    [Statement(V5, "MQTT-3.1.2-29")]
    public async Task Problem_information_stays_out_of_acknowledgements_where_it_is_not_wanted()
    {
        await using var client = await RawClient.ConnectAsync(
            Broker, new ConnectPacket { Version = V5, ClientId = Unique.Name("terse"), RequestProblemInformation = false });

        await client.SendAsync(new PublishPacket { Topic = Unique.Name("problem"), QoS = AtLeastOnce, PacketId = 1 });
        ExpectTerse(await client.ExpectAsync<PubAckPacket>());
        await client.SendAsync(new PublishPacket { Topic = Unique.Name("problem"), QoS = ExactlyOnce, PacketId = 2 });
        ExpectTerse(await client.ExpectAsync<PubRecPacket>());
        await client.SendAsync(new PubRelPacket { PacketId = 3 });
        ExpectTerse(await client.ExpectAsync<PubCompPacket>());
        var subscribed = await client.TrySubscribeAsync(null, new SubscriptionRequest("$share/none", AtLeastOnce));
        subscribed.ReasonString.Should().BeNull();
        subscribed.UserProperties.Should().BeEmpty();
        var unsubscribed = await client.UnsubscribeAsync("never/subscribed");
        unsubscribed.ReasonString.Should().BeNull();
        unsubscribed.UserProperties.Should().BeEmpty();
    }

    [Fact]
    [Statement(V5, "MQTT-3.2.2-9", "MQTT-3.2.2-10", "MQTT-3.2.2-11", "MQTT-3.2.2-12")]
    public async Task What_Maximum_QoS_says_is_true_of_messages_subscriptions_and_wills()
    {
        string topic = Unique.Name("capability/qos"), willTopic = Unique.Name("capability/will");
        await using var client = await Broker.ConnectAsync(V5);
        Require(client.ConnAck.MaximumQoS is null, "a broker with all three QoS");
        await client.SubscribeAsync(new SubscriptionRequest(topic, ExactlyOnce), new SubscriptionRequest(willTopic, ExactlyOnce));

        await client.PublishAsync(topic, "2", ExactlyOnce);
        await using var mortal = await Broker.ConnectAsync(
            V5, will: new WillMessage { Topic = willTopic, Payload = "2"u8.ToArray(), QoS = ExactlyOnce });
        await mortal.CloseAsync();

        foreach (var _ in Enumerable.Range(0, 2))
        {
            var received = await client.ExpectEventuallyAsync<PublishPacket>();
            received.QoS.Should().Be(ExactlyOnce);
            await client.AcknowledgeAsync(received);
        }
    }

    [Fact]
    [Statement(V5, "MQTT-3.2.2-13", "MQTT-3.2.2-14")]
    public async Task What_Retain_Available_says_is_true_of_messages_and_wills()
    {
        var topic = Unique.Name("capability/retain");
        await using var mortal = await Broker.ConnectAsync(
            V5, will: new WillMessage { Topic = topic, Payload = "x"u8.ToArray(), Retain = true });
        Require(mortal.ConnAck.RetainAvailable is not false, "a broker with retained messages");
        await using var witness = await Broker.ConnectAsync(V5);
        await witness.SubscribeAsync(topic);

        await mortal.CloseAsync();

        await witness.ReceiveAsync();
        await using var late = await Broker.ConnectAsync(V5);
        await late.SubscribeAsync(topic);
        (await late.ReceiveAsync()).Retain.Should().BeTrue();
    }

    [Fact]
    [Statement(V5, "MQTT-3.2.2-15")]
    public async Task A_packet_larger_than_the_server_s_maximum_ends_the_connection()
    {
        await using var client = await Broker.ConnectAsync(V5);
        Require(client.ConnAck.MaximumPacketSize is < 64_000_000, "a Maximum Packet Size");

        // PUBLISH of 64 MiB, of which nothing more is sent.
        await client.SendAsync(new byte[] { 0x30, 0x80, 0x80, 0x80, 0x20 });

        await client.ExpectEndAsync();
    }

    private async Task ExpectDroppedAsync(ushort? receiveMaximum)
    {
        var topic = Unique.Name("size");
        await using var small = await Broker.ConnectAsync(V5, maximumPacketSize: 60, receiveMaximum: receiveMaximum);
        await using var other = await Broker.ConnectAsync(V5);
        await small.SubscribeAsync(topic);
        await other.SubscribeAsync(topic);

        await other.PublishAsync(topic, new string('x', 60), AtLeastOnce);
        await other.PublishAsync(topic, "fits", AtLeastOnce);

        (await other.ReceiveTextsAsync(2)).Should().HaveCount(2);
        (await small.ReceiveAsync()).Text().Should().Be("fits");
        await small.ExpectNothingAsync();
    }

    private static void ExpectTerse(AcknowledgementPacket answer)
    {
        answer.ReasonString.Should().BeNull();
        answer.UserProperties.Should().BeEmpty();
    }
}
