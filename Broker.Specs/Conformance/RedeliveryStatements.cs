using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.Conformance;

/// <summary>What the server sends again, and in which order (sections 3.3.1.1, 4.3, 4.4 and 4.6).</summary>
public class RedeliveryStatements(SharedBroker shared) : StatementSpecs(shared)
{
    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-4.3.2-1", "MQTT-4.6.0-1")]
    [Statement(V5, "MQTT-4.3.2-3", "MQTT-4.3.3-3", "MQTT-4.6.0-1")]
    public async Task Unacknowledged_messages_are_repeated_in_order(ProtocolVersion version)
    {
        foreach (var (sent, repeated) in await RepeatedAsync(version))
        {
            repeated.Text().Should().Be(sent.Text());
            repeated.QoS.Should().Be(sent.QoS);
        }
    }

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-4.4.0-1", "MQTT-2.3.1-4")]
    [Statement(V5, "MQTT-4.4.0-1")]
    public async Task What_is_repeated_has_its_packet_id(ProtocolVersion version)
    {
        foreach (var (sent, repeated) in await RepeatedAsync(version))
        {
            repeated.PacketId.Should().Be(sent.PacketId);
        }
    }

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.3.1.-1")]
    [Statement(V5, "MQTT-3.3.1-1")]
    public async Task What_is_repeated_has_DUP(ProtocolVersion version)
    {
        foreach (var (sent, repeated) in await RepeatedAsync(version))
        {
            sent.Duplicate.Should().BeFalse();
            repeated.Duplicate.Should().BeTrue();
        }
    }

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-4.3.3-1", "MQTT-4.4.0-1")]
    [Statement(V5, "MQTT-4.3.3-5", "MQTT-4.3.3-6", "MQTT-4.4.0-1")]
    public async Task After_PUBREC_PUBREL_is_repeated_and_PUBLISH_is_not(ProtocolVersion version)
    {
        string topic = Unique.Name("again/release"), clientId = Unique.Name("release");
        ushort packetId;
        await using (var first = await Broker.ConnectPersistentAsync(version, clientId))
        {
            await first.SubscribeAsync(topic);
            await first.PublishAsync(topic, "once", ExactlyOnce);
            packetId = (await first.ExpectEventuallyAsync<PublishPacket>()).PacketId;
            await first.SendAsync(new PubRecPacket { PacketId = packetId });
            (await first.ExpectAsync<PubRelPacket>()).PacketId.Should().Be(packetId);
        }

        await using (var again = await Broker.ConnectPersistentAsync(version, clientId))
        {
            (await again.ExpectAsync<PubRelPacket>()).PacketId.Should().Be(packetId);
            await again.SendAsync(new PubCompPacket { PacketId = packetId });
            await again.ExpectNothingAsync();
        }

        await using var last = await Broker.ConnectPersistentAsync(version, clientId);
        await last.ExpectNothingAsync();
    }

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-4.6.0-4", "MQTT-2.3.1-6")]
    [Statement(V5, "MQTT-4.6.0-4", "MQTT-4.3.3-4", "MQTT-2.2.1-5")]
    public async Task PUBRELs_come_in_the_order_of_the_PUBRECs(ProtocolVersion version)
    {
        var topic = Unique.Name("again/order");
        await using var subscriber = await Broker.ConnectAsync(version);
        await using var publisher = await Broker.ConnectAsync(version);
        await subscriber.SubscribeAsync(topic);
        var ids = new List<ushort>();
        foreach (var number in Enumerable.Range(1, 5))
        {
            await publisher.PublishAsync(topic, $"{number}", ExactlyOnce);
            ids.Add((await subscriber.ExpectAsync<PublishPacket>()).PacketId);
        }

        ids.Reverse();
        await subscriber.SendAsync([.. ids.Select(id => new PubRecPacket { PacketId = id })]);

        foreach (var id in ids)
        {
            (await subscriber.ExpectAsync<PubRelPacket>()).PacketId.Should().Be(id);
        }
    }

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-4.6.0-5", "MQTT-4.6.0-6")]
    [Statement(V5, "MQTT-4.6.0-5", "MQTT-4.6.0-6")]
    public async Task Messages_of_a_client_on_a_topic_come_in_their_order(ProtocolVersion version)
    {
        var topic = Unique.Name("again/ordered");
        foreach (var qos in Enum.GetValues<QualityOfService>())
        {
            await using var subscriber = await Broker.ConnectAsync(version);
            await using var publisher = await Broker.ConnectAsync(version);
            await subscriber.SubscribeAsync(topic);
            await publisher.SendAsync([.. Enumerable.Range(1, 10).Select(number => new PublishPacket
            {
                Topic = topic,
                QoS = qos,
                PacketId = qos == AtMostOnce ? (ushort)0 : (ushort)number,
                Payload = System.Text.Encoding.UTF8.GetBytes($"{number}"),
            })]);
            if (qos == ExactlyOnce)
            {
                await publisher.SendAsync([.. Enumerable.Range(1, 10).Select(number => new PubRelPacket { PacketId = (ushort)number })]);
            }

            (await subscriber.ReceiveTextsAsync(10)).Should().Equal(Enumerable.Range(1, 10).Select(number => $"{number}"));
        }
    }

    [Fact]
    [Statement(V5, "MQTT-4.4.0-1")]
    public async Task Nothing_is_repeated_while_the_connection_lasts()
    {
        var topic = Unique.Name("again/never");
        await using var client = await Broker.ConnectAsync(V5);
        await client.SubscribeAsync(topic);
        await client.PublishAsync(topic, "x", AtLeastOnce);
        await client.ExpectEventuallyAsync<PublishPacket>();

        await RealTime.PassesAsync(TimeSpan.FromSeconds(3));

        await client.ExpectNothingAsync();
    }

    [Theory]
    [InlineData(AtLeastOnce)]
    [InlineData(ExactlyOnce)]
    [Statement(V5, "MQTT-4.4.0-2")]
    public async Task A_message_that_the_client_refused_is_not_repeated(QualityOfService qos)
    {
        string topic = Unique.Name("again/refused"), clientId = Unique.Name("refuses");
        await using (var first = await Broker.ConnectPersistentAsync(V5, clientId))
        {
            await first.SubscribeAsync(topic);
            await first.PublishAsync(topic, "unwanted", qos);
            var packetId = (await first.ExpectEventuallyAsync<PublishPacket>()).PacketId;
            await first.SendAsync(qos == AtLeastOnce
                ? new PubAckPacket { PacketId = packetId, ReasonCode = ReasonCode.ImplementationSpecificError }
                : new PubRecPacket { PacketId = packetId, ReasonCode = ReasonCode.ImplementationSpecificError });
            (await first.AnswersAsync()).Should().BeTrue();
        }

        await using var again = await Broker.ConnectPersistentAsync(V5, clientId);
        (await again.AnswersAsync()).Should().BeTrue();
        again.Received.Should().NotContain(packet => packet is PublishPacket);
    }

    [Fact]
    [Statement(V5, "MQTT-4.3.3-7")]
    public async Task A_QoS_2_message_that_was_sent_does_not_expire()
    {
        string topic = Unique.Name("again/expiry"), clientId = Unique.Name("expiry");
        await using (var first = await Broker.ConnectPersistentAsync(V5, clientId))
        {
            await first.SubscribeAsync(topic);
            await first.PublishAsync(topic, "sent", ExactlyOnce, properties: new PublishProperties { MessageExpiryInterval = 1 });
            await first.ExpectEventuallyAsync<PublishPacket>();
        }

        await RealTime.PassesAsync(TimeSpan.FromSeconds(2.1));

        await using var again = await Broker.ConnectPersistentAsync(V5, clientId);
        (await again.ReceiveAsync()).Text().Should().Be("sent");
    }

    /// <summary>Messages that a client left unacknowledged, as it got them first and as they came when it resumed its session.</summary>
    private async Task<IReadOnlyList<(PublishPacket Sent, PublishPacket Repeated)>> RepeatedAsync(ProtocolVersion version)
    {
        string topic = Unique.Name("again/messages"), clientId = Unique.Name("again");
        await using var publisher = await Broker.ConnectAsync(version);
        var sent = new List<PublishPacket>();
        await using (var first = await Broker.ConnectPersistentAsync(version, clientId))
        {
            await first.SubscribeAsync(topic);
            foreach (var number in Enumerable.Range(1, 6))
            {
                await publisher.PublishAsync(topic, $"{number}", number % 2 == 0 ? AtLeastOnce : ExactlyOnce);
                sent.Add(await first.ExpectAsync<PublishPacket>());
            }
        }

        await using var again = await Broker.ConnectPersistentAsync(version, clientId);
        var pairs = new List<(PublishPacket, PublishPacket)>();
        foreach (var message in sent)
        {
            pairs.Add((message, await again.ExpectAsync<PublishPacket>()));
        }

        return pairs;
    }
}
