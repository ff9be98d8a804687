using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.Conformance;

/// <summary>Receive Maximum (sections 3.3.4 and 4.9), MQTT 5; and what a server may do when it has no room, MQTT 3.1.1 (section 4.8).</summary>
public class FlowControlStatements(SharedBroker shared) : StatementSpecs(shared)
{
    [Theory]
    [InlineData(AtLeastOnce)]
    [InlineData(ExactlyOnce)]
    [Statement(V5, "MQTT-3.3.4-9", "MQTT-4.9.0-2")]
    public async Task No_more_messages_than_the_client_s_Receive_Maximum_are_unacknowledged(QualityOfService qos)
    {
        var topic = Unique.Name("flow/window");
        await using var subscriber = await Broker.ConnectAsync(V5, receiveMaximum: 2);
        await using var publisher = await Broker.ConnectAsync(V5);
        await subscriber.SubscribeAsync(topic);
        foreach (var number in Enumerable.Range(1, 4))
        {
            await publisher.PublishAsync(topic, $"{number}", qos);
        }

        var first = await subscriber.ExpectAsync<PublishPacket>();
        var second = await subscriber.ExpectAsync<PublishPacket>();
        await subscriber.ExpectNothingAsync();
        await subscriber.AcknowledgeAsync(first);
        (await subscriber.ExpectEventuallyAsync<PublishPacket>()).Text().Should().Be("3");
        await subscriber.ExpectNothingAsync();
        await subscriber.AcknowledgeAsync(second);
        (await subscriber.ExpectEventuallyAsync<PublishPacket>()).Text().Should().Be("4");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [Statement(V5, "MQTT-4.9.0-1")]
    public async Task The_first_window_is_as_wide_as_the_client_s_Receive_Maximum_at_most(ushort receiveMaximum)
    {
        var topic = Unique.Name("flow/first");
        await using var subscriber = await Broker.ConnectAsync(V5, receiveMaximum: receiveMaximum);
        await using var publisher = await Broker.ConnectAsync(V5);
        await subscriber.SubscribeAsync(topic, AtLeastOnce);
        foreach (var number in Enumerable.Range(1, 5))
        {
            await publisher.PublishAsync(topic, $"{number}", AtLeastOnce);
        }

        (await subscriber.AnswersAsync()).Should().BeTrue();

        subscriber.Received.OfType<PublishPacket>().Should().HaveCountLessThanOrEqualTo(receiveMaximum).And.NotBeEmpty();
    }

    [Fact]
    [Statement(V5, "MQTT-3.3.4-10", "MQTT-4.9.0-3")]
    public async Task A_full_window_holds_back_nothing_but_PUBLISH()
    {
        string topic = Unique.Name("flow/others"), other = Unique.Name("flow/other");
        await using var client = await Broker.ConnectAsync(V5, receiveMaximum: 1);
        await client.SubscribeAsync(topic);
        await client.PublishAsync(topic, "1", AtLeastOnce);
        await client.PublishAsync(topic, "2", AtLeastOnce);
        (await client.ExpectEventuallyAsync<PublishPacket>()).Text().Should().Be("1");

        await client.SubscribeAsync(other);
        await client.UnsubscribeAsync(other);
        await client.PublishAsync(other, "QoS 1", AtLeastOnce);
        await client.PublishAsync(other, "QoS 2", ExactlyOnce);
        (await client.AnswersAsync()).Should().BeTrue();
    }

    [Fact]
    [Statement(V5, "MQTT-3.3.4-7", "MQTT-3.3.4-8")]
    public async Task A_client_that_goes_over_the_server_s_Receive_Maximum_is_disconnected()
    {
        await using var client = await Broker.ConnectAsync(V5);
        Require(client.ConnAck.ReceiveMaximum is not null, "a Receive Maximum below 65,535");

        await client.SendAsync(Unreleased(client.ConnAck.ReceiveMaximum!.Value + 1));

        (await client.ExpectEventuallyAsync<DisconnectPacket>()).ReasonCode.Should().Be(ReasonCode.ReceiveMaximumExceeded);
    }

    [Fact]
    [Statement(V311, "MQTT-4.8.0-2")]
    public async Task A_server_without_room_for_a_message_ends_the_connection_rather_than_leave_it_unanswered()
    {
        const int Many = 3_000;
        var topic = Unique.Name("flow/transient");
        await using var bystander = await Broker.ConnectAsync(V311);
        await bystander.SubscribeAsync(topic, AtLeastOnce);
        await using var client = await Broker.ConnectAsync(V311);

        await client.SendAsync(Unreleased(Many));

        for (var answered = 0; answered < Many; answered++)
        {
            if (await client.NextAsync() is not PubRecPacket)
            {
                client.IsClosed.Should().BeTrue($"message {answered + 1} got no PUBREC");
                break;
            }
        }

        await using var publisher = await Broker.ConnectAsync(V311);
        await ExpectOnlyAsync(bystander, publisher, topic);
    }

    /// <summary>QoS 2 without PUBREL, on a topic that nobody subscribes to.</summary>
    private static PublishPacket[] Unreleased(int count)
    {
        var topic = Unique.Name("flow/unreleased");
        return [.. Enumerable.Range(1, count).Select(id => new PublishPacket { Topic = topic, QoS = ExactlyOnce, PacketId = (ushort)id })];
    }
}
