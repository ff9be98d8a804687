using System.Text;
using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.EndToEnd.Protocol;

/// <summary>QoS 1 and 2 across reconnects and repeated packets (sections 4.3 and 4.4).</summary>
public class AcknowledgementSpecs(SharedBroker shared) : ProtocolSpecs(shared)
{
    [Theory]
    [InlineData(V311, AtLeastOnce)]
    [InlineData(V311, ExactlyOnce)]
    [InlineData(V5, AtLeastOnce)]
    [InlineData(V5, ExactlyOnce)]
    public async Task Sends_unacknowledged_messages_again_with_DUP_and_in_order_when_the_client_comes_back(ProtocolVersion version, QualityOfService qos)
    {
        string topic = Unique.Name("ack/again"), clientId = Unique.Name("again");
        await using var publisher = await Broker.ConnectAsync(V5);
        var sent = new List<PublishPacket>();
        await using (var subscriber = await Broker.ConnectPersistentAsync(version, clientId))
        {
            await subscriber.SubscribeAsync(topic, qos);
            foreach (var text in (string[])["1", "2", "3"])
            {
                await publisher.PublishAsync(topic, text, qos);
                sent.Add(await subscriber.ExpectAsync<PublishPacket>());
            }
        }

        await using var again = await Broker.ConnectPersistentAsync(version, clientId);

        again.ConnAck.SessionPresent.Should().BeTrue();
        foreach (var first in sent)
        {
            var second = await again.ExpectAsync<PublishPacket>();
            second.Duplicate.Should().BeTrue();
            second.PacketId.Should().Be(first.PacketId);
            second.Text().Should().Be(first.Text());
            await again.AcknowledgeAsync(second);
        }

        await again.ExpectNothingAsync();
    }

    [Theory]
    [EveryVersion]
    public async Task Sends_PUBREL_again_where_PUBCOMP_is_missing(ProtocolVersion version)
    {
        string topic = Unique.Name("ack/release"), clientId = Unique.Name("release");
        await using var publisher = await Broker.ConnectAsync(V5);
        ushort packetId;
        await using (var subscriber = await Broker.ConnectPersistentAsync(version, clientId))
        {
            await subscriber.SubscribeAsync(topic, ExactlyOnce);
            await publisher.PublishAsync(topic, "once", ExactlyOnce);
            packetId = (await subscriber.ExpectAsync<PublishPacket>()).PacketId;
            await subscriber.SendAsync(new PubRecPacket { PacketId = packetId });
            await subscriber.ExpectAsync<PubRelPacket>();
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
    public async Task Delivers_a_QoS_2_message_once_though_its_PUBLISH_comes_twice(ProtocolVersion version)
    {
        var topic = Unique.Name("ack/twice");
        await using var subscriber = await Broker.ConnectAsync(V5);
        await using var publisher = await Broker.ConnectAsync(version);
        await subscriber.SubscribeAsync(topic, ExactlyOnce);

        await publisher.SendAsync(Message(topic, "once", packetId: 7));
        await publisher.ExpectAsync<PubRecPacket>();
        await publisher.SendAsync(Message(topic, "once", packetId: 7, duplicate: true));
        await publisher.ExpectAsync<PubRecPacket>();
        await publisher.SendAsync(new PubRelPacket { PacketId = 7 });
        await publisher.ExpectAsync<PubCompPacket>();

        (await subscriber.ReceiveAsync()).Text().Should().Be("once");
        await ExpectOnlyAsync(subscriber, publisher, topic);
    }

    [Theory]
    [EveryVersion]
    public async Task Delivers_a_QoS_2_message_once_though_its_publisher_reconnects_and_repeats_it(ProtocolVersion version)
    {
        string topic = Unique.Name("ack/repeat"), clientId = Unique.Name("repeat");
        await using var subscriber = await Broker.ConnectAsync(V5);
        await subscriber.SubscribeAsync(topic, ExactlyOnce);
        await using (var publisher = await Broker.ConnectPersistentAsync(version, clientId))
        {
            await publisher.SendAsync(Message(topic, "once", packetId: 7));
            await publisher.ExpectAsync<PubRecPacket>();
        }

        await using var again = await Broker.ConnectPersistentAsync(version, clientId);
        again.ConnAck.SessionPresent.Should().BeTrue();
        await again.SendAsync(Message(topic, "once", packetId: 7, duplicate: true));
        await again.ExpectAsync<PubRecPacket>();
        await again.SendAsync(new PubRelPacket { PacketId = 7 });
        await again.ExpectAsync<PubCompPacket>();

        (await subscriber.ReceiveAsync()).Text().Should().Be("once");
        await ExpectOnlyAsync(subscriber, again, topic);
    }

    [Theory]
    [EveryVersion]
    public async Task Takes_a_packet_id_for_a_new_message_once_PUBCOMP_was_sent(ProtocolVersion version)
    {
        var topic = Unique.Name("ack/reuse");
        await using var subscriber = await Broker.ConnectAsync(V5);
        await using var publisher = await Broker.ConnectAsync(version);
        await subscriber.SubscribeAsync(topic, ExactlyOnce);

        await publisher.PublishAsync(Message(topic, "first", packetId: 9));
        await publisher.PublishAsync(Message(topic, "second", packetId: 9));

        (await subscriber.ReceiveTextsAsync(2)).Should().Equal("first", "second");
    }

    [Theory]
    [InlineData(V311, ReasonCode.Success)]
    [InlineData(V5, ReasonCode.PacketIdentifierNotFound)]
    public async Task Answers_PUBREL_of_an_unknown_packet_id_with_PUBCOMP(ProtocolVersion version, ReasonCode reasonCode)
    {
        await using var client = await Broker.ConnectAsync(version);

        await client.SendAsync(new PubRelPacket { PacketId = 99 });

        var answer = await client.ExpectAsync<PubCompPacket>();
        answer.PacketId.Should().Be(99);
        answer.ReasonCode.Should().Be(reasonCode);
    }

    [Fact]
    public async Task Lets_a_QoS_2_message_go_that_the_client_refuses_in_PUBREC()
    {
        string topic = Unique.Name("ack/refused"), clientId = Unique.Name("refused");
        await using var publisher = await Broker.ConnectAsync(V5);
        await using (var subscriber = await Broker.ConnectPersistentAsync(V5, clientId))
        {
            await subscriber.SubscribeAsync(topic, ExactlyOnce);
            await publisher.PublishAsync(topic, "unwanted", ExactlyOnce);
            var unwanted = await subscriber.ExpectAsync<PublishPacket>();
            await subscriber.SendAsync(new PubRecPacket { PacketId = unwanted.PacketId, ReasonCode = ReasonCode.QuotaExceeded });
            await subscriber.ExpectNothingAsync();
        }

        await using var again = await Broker.ConnectPersistentAsync(V5, clientId);
        await again.ExpectNothingAsync();
    }

    private static PublishPacket Message(string topic, string text, ushort packetId, bool duplicate = false) => new()
    {
        Topic = topic,
        Payload = Encoding.UTF8.GetBytes(text),
        QoS = ExactlyOnce,
        PacketId = packetId,
        Duplicate = duplicate,
    };
}
