using System.Text;
using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using Broker.Specs.Protocol.Codec;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.Conformance;

/// <summary>PUBLISH: its flags, topic name and packet id, its answers, and where it goes (sections 2.2.1 or 2.3.1, 3.3 and 4.3.1).</summary>
public class PublishStatements(SharedBroker shared) : StatementSpecs(shared)
{
    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-4.8.0-1")]
    [Statement(V311, "MQTT-3.3.1-2", IsOurAnswer = true)]
    [Statement(V5, "MQTT-3.3.1-2", IsOurAnswer = true)]
    public async Task DUP_at_QoS_0_is_a_violation(ProtocolVersion version) =>
        await ExpectEndAsync(version, Wire.Packet("38", $"<a/b> {NoProperties(version)} 'x'"));

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.3.1-4")]
    [Statement(V5, "MQTT-3.3.1-4", "MQTT-4.13.1-1")]
    public async Task QoS_3_is_a_violation(ProtocolVersion version) =>
        await ExpectEndAsync(
            version,
            Wire.Packet("36", $"<a/b> 0001 {NoProperties(version)} 'x'"),
            Wire.Packet("3E", $"<a/b> 0001 {NoProperties(version)} 'x'"));

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.3.1-3")]
    [Statement(V5, "MQTT-3.3.1-3")]
    public async Task The_publisher_s_DUP_is_not_passed_on(ProtocolVersion version)
    {
        var topic = Unique.Name("publish/dup");
        await using var subscriber = await Broker.ConnectAsync(version);
        await using var publisher = await Broker.ConnectAsync(version);
        await subscriber.SubscribeAsync(topic);

        await publisher.PublishAsync(new PublishPacket
        {
            Topic = topic,
            Payload = "repeated"u8.ToArray(),
            QoS = AtLeastOnce,
            Duplicate = true,
            PacketId = 11,
        });
        await publisher.PublishAsync(topic, "the last", AtLeastOnce);

        var received = await subscriber.ReceiveAsync();
        Require(received.Text() == "repeated", "a broker that forwards messages with DUP");
        received.Duplicate.Should().BeFalse();
    }

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.3.1-2", "MQTT-4.3.1-1")]
    [Statement(V5, "MQTT-3.3.1-2", "MQTT-4.3.1-1", "MQTT-4.3.2-2", "MQTT-4.3.3-2")]
    public async Task A_message_is_sent_first_with_DUP_0(ProtocolVersion version)
    {
        var topic = Unique.Name("publish/first");
        await using var subscriber = await Broker.ConnectAsync(version);
        await using var publisher = await Broker.ConnectAsync(version);
        await subscriber.SubscribeAsync(topic);
        foreach (var qos in Enum.GetValues<QualityOfService>())
        {
            await publisher.PublishAsync(topic, $"{qos}", qos);

            var received = await subscriber.ReceiveAsync();
            received.Duplicate.Should().BeFalse();
            received.QoS.Should().Be(qos);
        }
    }

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.3.2-1", "MQTT-1.5.3-1", "MQTT-1.5.3-2", "MQTT-4.7.3-2")]
    [Statement(V5, "MQTT-3.3.2-1", "MQTT-1.5.4-1", "MQTT-1.5.4-2", "MQTT-4.7.3-2")]
    public async Task A_topic_name_that_is_no_string_ends_the_connection(ProtocolVersion version)
    {
        var properties = NoProperties(version);
        await ExpectEndAsync(
            version,
            Wire.Packet("30", $"0002 C328 {properties} 'x'"),
            Wire.Packet("30", $"0003 EDA080 {properties} 'x'"),
            Wire.Packet("30", $"0003 'a' 00 'b' {properties} 'x'"),
            Wire.Packet("30", "0009 'a'"));
    }

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.3.2-2", "MQTT-4.7.1-1")]
    [Statement(V5, "MQTT-3.3.2-2", "MQTT-4.7.0-1")]
    public async Task A_topic_name_with_a_wildcard_ends_the_connection_and_reaches_nobody(ProtocolVersion version)
    {
        var prefix = Unique.Name("publish/wild");
        await using var witness = await Broker.ConnectAsync(version);
        await witness.SubscribeAsync($"{prefix}/#", AtLeastOnce);

        await ExpectEndAsync(
            version,
            Wire.Packet("30", $"<{prefix}/+> {NoProperties(version)} 'x'"),
            Wire.Packet("30", $"<{prefix}/#> {NoProperties(version)} 'x'"));

        await using var publisher = await Broker.ConnectAsync(version);
        await ExpectOnlyAsync(witness, publisher, $"{prefix}/a");
    }

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.3.2-3")]
    [Statement(V5, "MQTT-3.3.2-3")]
    public async Task A_message_reaches_the_subscriptions_that_match_and_no_others(ProtocolVersion version)
    {
        var prefix = Unique.Name("publish/match");
        await using var client = await Broker.ConnectAsync(version);
        await client.SubscribeAsync($"{prefix}/+/c");
        foreach (var topic in (string[])["a/c", "a/b", "a/b/c", "c", "a/c/d", "/c"])
        {
            await client.PublishAsync($"{prefix}/{topic}", topic);
        }

        (await client.ReceiveTextsAsync(2)).Should().Equal("a/c", "/c");
        await client.ExpectNothingAsync();
    }

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.3.4-1", "MQTT-2.3.1-6")]
    [Statement(V5, "MQTT-3.3.4-1", "MQTT-2.2.1-5", "MQTT-4.3.2-4", "MQTT-4.3.3-8", "MQTT-4.3.3-11")]
    public async Task PUBLISH_is_answered_as_its_QoS_asks_under_its_packet_id(ProtocolVersion version)
    {
        var topic = Unique.Name("publish/answers");
        await using var client = await Broker.ConnectAsync(version);

        await client.SendAsync(new PublishPacket { Topic = topic });
        await client.ExpectNothingAsync();
        await client.SendAsync(new PublishPacket { Topic = topic, QoS = AtLeastOnce, PacketId = 65_535 });
        (await client.ExpectAsync<PubAckPacket>()).PacketId.Should().Be(65_535);
        await client.SendAsync(new PublishPacket { Topic = topic, QoS = ExactlyOnce, PacketId = 258 });
        (await client.ExpectAsync<PubRecPacket>()).PacketId.Should().Be(258);
        await client.SendAsync(new PubRelPacket { PacketId = 258 });
        (await client.ExpectAsync<PubCompPacket>()).PacketId.Should().Be(258);
        await client.ExpectNothingAsync();
    }

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.3.5-1")]
    [Statement(V5, "MQTT-3.3.4-2")]
    public async Task Overlapping_subscriptions_deliver_at_the_highest_QoS(ProtocolVersion version)
    {
        var prefix = Unique.Name("publish/overlap");
        await using var subscriber = await Broker.ConnectAsync(version);
        await using var publisher = await Broker.ConnectAsync(version);
        await subscriber.SubscribeAsync($"{prefix}/#", AtMostOnce);
        await subscriber.SubscribeAsync($"{prefix}/+", ExactlyOnce);
        await subscriber.SubscribeAsync($"{prefix}/a", AtLeastOnce);

        await publisher.PublishAsync($"{prefix}/a", "x", ExactlyOnce);

        // Whether one copy comes or one for each subscription is the broker's choice.
        var copies = new List<PublishPacket> { await subscriber.ReceiveAsync() };
        await subscriber.SubscribeAsync($"{prefix}-end", AtMostOnce);
        await publisher.PublishAsync($"{prefix}-end", "end");
        while (await subscriber.ExpectAsync<PublishPacket>() is { } next && next.Text() != "end")
        {
            copies.Add(next);
            await subscriber.AcknowledgeAsync(next);
        }

        copies.Max(copy => copy.QoS).Should().Be(ExactlyOnce);
    }

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-4.8.0-1")]
    [Statement(V311, "MQTT-2.3.1-1", IsOurAnswer = true)]
    [Statement(V5, "MQTT-2.2.1-3")]
    public async Task Packet_id_0_is_a_violation(ProtocolVersion version)
    {
        var properties = NoProperties(version);
        await ExpectEndAsync(
            version,
            Wire.Packet("32", $"<a/b> 0000 {properties} 'x'"),
            Wire.Packet("34", $"<a/b> 0000 {properties} 'x'"),
            Wire.Packet("82", $"0000 {properties} <a/b> 00"),
            Wire.Packet("A2", $"0000 {properties} <a/b>"));
    }

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-2.3.1-1", "MQTT-2.3.1-4")]
    [Statement(V5, "MQTT-2.2.1-4", "MQTT-4.3.2-1", "MQTT-4.3.3-1")]
    public async Task The_server_s_packet_ids_are_not_0_and_not_in_use(ProtocolVersion version)
    {
        var topic = Unique.Name("publish/ids");
        await using var subscriber = await Broker.ConnectAsync(version);
        await using var publisher = await Broker.ConnectAsync(version);
        await subscriber.SubscribeAsync(topic);
        foreach (var number in Enumerable.Range(1, 10))
        {
            await publisher.PublishAsync(topic, $"{number}", number % 2 == 0 ? AtLeastOnce : ExactlyOnce);
        }

        // None is acknowledged, so all ids are in use together.
        var ids = new List<ushort>();
        foreach (var _ in Enumerable.Range(1, 10))
        {
            ids.Add((await subscriber.ExpectAsync<PublishPacket>()).PacketId);
        }

        ids.Should().OnlyHaveUniqueItems().And.NotContain((ushort)0);
    }

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-2.3.1-5", "MQTT-2.2.2-1")]
    [Statement(V5, "MQTT-2.2.1-2", "MQTT-2.2.2-1", "MQTT-2.1.3-1")]
    public async Task PUBLISH_at_QoS_0_has_no_packet_id_and_no_more_properties_than_it_needs(ProtocolVersion version)
    {
        var topic = Unique.Name("publish/bytes");
        var publish = Wire.Packet("30", $"<{topic}> {NoProperties(version)} 'text'");
        var subAck = version == V5 ? 6 : 5;

        var answer = await RawExchange.UntilClosedAsync(
            Broker,
            Connect(version, $"<{Unique.Name("bytes")}>"),
            Wire.Packet("82", $"0001 {NoProperties(version)} <{topic}> 00"),
            publish,
            Wire.Bytes("C000"),
            Wire.Bytes("E000"));

        var behindConnAck = answer[(2 + answer[1])..];
        behindConnAck.Should().HaveCountGreaterThan(subAck);
        behindConnAck[0].Should().Be(0x90, "SUBACK has no flags");
        Encoding.Latin1.GetString(behindConnAck).Should().Contain(Encoding.Latin1.GetString(publish));
    }

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-4.7.3-1")]
    [Statement(V5, "MQTT-4.7.3-1")]
    public async Task An_empty_topic_name_ends_the_connection(ProtocolVersion version) =>
        await ExpectEndAsync(version, Wire.Packet("30", $"0000 {NoProperties(version)} 'x'"));
}
