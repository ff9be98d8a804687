using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using Broker.Specs.Protocol.Codec;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.Conformance;

/// <summary>The QoS 1 and 2 exchanges where the server is the receiver (sections 3.4 to 3.7 and 4.3).</summary>
public class QoSStatements(SharedBroker shared) : StatementSpecs(shared)
{
    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-4.3.2-2")]
    [Statement(V5, "MQTT-4.3.2-5")]
    public async Task After_PUBACK_the_id_is_that_of_a_new_message_whatever_its_DUP(ProtocolVersion version)
    {
        var topic = Unique.Name("qos/new1");
        await using var subscriber = await SubscriberAsync(version, topic);
        await using var publisher = await Broker.ConnectAsync(version);

        foreach (var (text, duplicate) in ((string, bool)[])[("first", false), ("second", true), ("third", false)])
        {
            await publisher.PublishAsync(Message(topic, AtLeastOnce, 5, text, duplicate));
        }

        (await subscriber.ReceiveTextsAsync(3)).Should().Equal("first", "second", "third");
    }

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-4.3.3-2")]
    [Statement(V5, "MQTT-4.3.3-12")]
    public async Task After_PUBCOMP_the_id_is_that_of_a_new_message(ProtocolVersion version)
    {
        var topic = Unique.Name("qos/new2");
        await using var subscriber = await SubscriberAsync(version, topic);
        await using var publisher = await Broker.ConnectAsync(version);

        await publisher.PublishAsync(Message(topic, ExactlyOnce, 5, "first"));
        await publisher.PublishAsync(Message(topic, ExactlyOnce, 5, "second"));

        (await subscriber.ReceiveTextsAsync(2)).Should().Equal("first", "second");
    }

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-4.3.3-2", IsOurAnswer = true)]
    [Statement(V5, "MQTT-4.3.3-10")]
    public async Task Until_PUBREL_a_repeated_PUBLISH_is_answered_and_goes_to_nobody_again(ProtocolVersion version)
    {
        var topic = Unique.Name("qos/repeated");
        await using var subscriber = await SubscriberAsync(version, topic);
        await using var publisher = await Broker.ConnectAsync(version);

        await publisher.SendAsync(Message(topic, ExactlyOnce, 5, "once"));
        await publisher.ExpectAsync<PubRecPacket>();
        await publisher.SendAsync(Message(topic, ExactlyOnce, 5, "once", duplicate: true));
        (await publisher.ExpectAsync<PubRecPacket>()).PacketId.Should().Be(5);
        await publisher.SendAsync(new PubRelPacket { PacketId = 5 });
        await publisher.ExpectAsync<PubCompPacket>();

        (await subscriber.ReceiveAsync()).Text().Should().Be("once");
        await ExpectOnlyAsync(subscriber, publisher, topic);
    }

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-4.1.0-1")]
    [Statement(V5, "MQTT-4.3.3-10")]
    public async Task A_PUBLISH_repeated_on_another_connection_of_the_session_goes_to_nobody_again(ProtocolVersion version)
    {
        string topic = Unique.Name("qos/resumed"), clientId = Unique.Name("sender");
        await using var subscriber = await SubscriberAsync(version, topic);
        await using (var first = await Broker.ConnectPersistentAsync(version, clientId))
        {
            await first.SendAsync(Message(topic, ExactlyOnce, 5, "once"));
            await first.ExpectAsync<PubRecPacket>();
        }

        await using var again = await Broker.ConnectPersistentAsync(version, clientId);
        await again.SendAsync(Message(topic, ExactlyOnce, 5, "once", duplicate: true));
        (await again.ExpectAsync<PubRecPacket>()).PacketId.Should().Be(5);
        await again.SendAsync(new PubRelPacket { PacketId = 5 });
        (await again.ExpectAsync<PubCompPacket>()).PacketId.Should().Be(5);
        (await subscriber.ReceiveAsync()).Text().Should().Be("once");
        await ExpectOnlyAsync(subscriber, again, topic);
    }

    [Fact]
    [Statement(V5, "MQTT-4.3.3-13")]
    public async Task The_exchange_goes_on_though_the_message_has_expired()
    {
        await using var client = await Broker.ConnectAsync(V5);
        await client.SendAsync(Wire.Packet("34", $"<{Unique.Name("qos/expired")}> 0005 05 02 00000001 'x'"));
        await client.ExpectAsync<PubRecPacket>();

        await RealTime.PassesAsync(TimeSpan.FromSeconds(2.1));

        await client.SendAsync(new PubRelPacket { PacketId = 5 });
        var complete = await client.ExpectAsync<PubCompPacket>();
        (complete.PacketId, complete.ReasonCode).Should().Be(((ushort)5, ReasonCode.Success));
    }

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-4.6.0-2")]
    [Statement(V5, "MQTT-4.6.0-2")]
    public async Task PUBACKs_come_in_the_order_of_their_messages(ProtocolVersion version)
    {
        await using var client = await Broker.ConnectAsync(version);

        await client.SendAsync([.. Enumerable.Range(1, 10).Select(id => Message(Unique.Name("qos/acks"), AtLeastOnce, (ushort)id, "x"))]);

        foreach (var id in Enumerable.Range(1, 10))
        {
            (await client.ExpectAsync<PubAckPacket>()).PacketId.Should().Be((ushort)id);
        }
    }

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-4.6.0-3")]
    [Statement(V5, "MQTT-4.6.0-3")]
    public async Task PUBRECs_come_in_the_order_of_their_messages(ProtocolVersion version)
    {
        await using var client = await Broker.ConnectAsync(version);

        await client.SendAsync([.. Enumerable.Range(1, 10).Select(id => Message(Unique.Name("qos/recs"), ExactlyOnce, (ushort)id, "x"))]);

        foreach (var id in Enumerable.Range(1, 10))
        {
            (await client.ExpectAsync<PubRecPacket>()).PacketId.Should().Be((ushort)id);
        }
    }

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.6.1-1", "MQTT-2.2.2-2")]
    [Statement(V5, "MQTT-3.6.1-1")]
    [Statement(V5, "MQTT-2.1.3-1", IsOurAnswer = true)]
    public async Task PUBREL_with_other_flags_ends_the_connection(ProtocolVersion version) =>
        await ExpectEndAsync(version, Wire.Bytes("60 02 0001"), Wire.Bytes("61 02 0001"), Wire.Bytes("66 02 0001"), Wire.Bytes("6A 02 0001"));

    [Fact]
    [Statement(V5, "MQTT-3.4.2-1", "MQTT-3.5.2-1", "MQTT-3.6.2-1", "MQTT-3.7.2-1", IsOurAnswer = true)]
    public async Task Acknowledgements_with_reason_codes_of_other_packets_end_the_connection() =>
        await ExpectEndAsync(
            V5,
            Wire.Packet("40", "0001 92"),
            Wire.Packet("50", "0001 8E"),
            Wire.Packet("62", "0001 80"),
            Wire.Packet("70", "0001 10"));

    [Fact]
    [Statement(V5, "MQTT-3.4.2-1", "MQTT-3.5.2-1", "MQTT-3.6.2-1", "MQTT-3.7.2-1")]
    public async Task The_server_s_acknowledgements_have_reason_codes_of_their_own()
    {
        var topic = Unique.Name("qos/codes");
        await using var client = await Broker.ConnectAsync(V5);

        await client.SendAsync(Message(topic, AtLeastOnce, 1, "x"));
        (await client.ExpectAsync<PubAckPacket>()).ReasonCode.Should().BeOneOf(ReasonCode.Success, ReasonCode.NoMatchingSubscribers);
        await client.SendAsync(Message(topic, ExactlyOnce, 2, "x"));
        (await client.ExpectAsync<PubRecPacket>()).ReasonCode.Should().BeOneOf(ReasonCode.Success, ReasonCode.NoMatchingSubscribers);
        await client.SendAsync(new PubRelPacket { PacketId = 2 });
        (await client.ExpectAsync<PubCompPacket>()).ReasonCode.Should().Be(ReasonCode.Success);
        await client.SendAsync(new PubRelPacket { PacketId = 3 });
        (await client.ExpectAsync<PubCompPacket>()).ReasonCode
            .Should().BeOneOf([ReasonCode.PacketIdentifierNotFound, ReasonCode.Success], "nobody knows that packet id");

        await client.SubscribeAsync(topic);
        await client.PublishAsync(Message(topic, ExactlyOnce, 4, "x"));
        var received = await client.ExpectEventuallyAsync<PublishPacket>();
        await client.SendAsync(new PubRecPacket { PacketId = received.PacketId });
        (await client.ExpectEventuallyAsync<PubRelPacket>()).ReasonCode.Should().Be(ReasonCode.Success);
    }

    private static PublishPacket Message(string topic, QualityOfService qos, ushort packetId, string text, bool duplicate = false) => new()
    {
        Topic = topic,
        QoS = qos,
        PacketId = packetId,
        Payload = System.Text.Encoding.UTF8.GetBytes(text),
        Duplicate = duplicate,
    };

    private async Task<RawClient> SubscriberAsync(ProtocolVersion version, string topic)
    {
        var subscriber = await Broker.ConnectAsync(version);
        await subscriber.SubscribeAsync(topic);
        return subscriber;
    }
}
