using System.Text;
using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.EndToEnd.Protocol;

/// <summary>Topic aliases, both ways (section 3.3.2.3.4).</summary>
public class TopicAliasSpecs(SharedBroker shared) : ProtocolSpecs(shared)
{
    [Fact]
    public async Task Takes_an_alias_for_the_topic_it_was_set_to_last()
    {
        string first = Unique.Name("alias/first"), second = Unique.Name("alias/second");
        await using var subscriber = await Broker.ConnectAsync(V5);
        await using var publisher = await Broker.ConnectAsync(V5);
        await subscriber.SubscribeAsync(first, AtMostOnce);
        await subscriber.SubscribeAsync(second, AtMostOnce);

        await publisher.SendAsync(Message(first, alias: 1), Message("", alias: 1), Message(second, alias: 1), Message("", alias: 1));

        foreach (var topic in (string[])[first, first, second, second])
        {
            var received = await subscriber.ExpectAsync<PublishPacket>();
            received.Topic.Should().Be(topic);
            received.TopicAlias.Should().Be(0, "the subscriber allows no aliases");
        }
    }

    [Fact]
    public async Task Disconnects_a_client_that_uses_an_alias_above_the_broker_s_maximum()
    {
        await using var client = await Broker.ConnectAsync(V5);

        await client.SendAsync(Message(Unique.Name("alias/high"), alias: (ushort)(client.ConnAck.TopicAliasMaximum + 1)));

        await client.ExpectDisconnectAsync(ReasonCode.TopicAliasInvalid);
    }

    [Fact]
    public async Task Disconnects_a_client_that_uses_alias_0()
    {
        await using var client = await Broker.ConnectAsync(V5);

        // QoS 0, topic "a", one property: Topic Alias 0.
        await client.SendAsync(new byte[] { 0x30, 0x07, 0x00, 0x01, (byte)'a', 0x03, 0x23, 0x00, 0x00 });

        await client.ExpectDisconnectAsync(ReasonCode.TopicAliasInvalid);
    }

    [Fact]
    public async Task Disconnects_a_client_that_uses_an_alias_it_has_not_set()
    {
        await using var client = await Broker.ConnectAsync(V5);

        await client.SendAsync(Message("", alias: 1));

        await client.ExpectDisconnectAsync(ReasonCode.ProtocolError);
    }

    [Fact]
    public async Task Forgets_the_client_s_aliases_with_the_connection()
    {
        var clientId = Unique.Name("alias");
        await using (var first = await Broker.ConnectPersistentAsync(V5, clientId))
        {
            await first.SendAsync(Message(Unique.Name("alias/gone"), alias: 1));
            await first.DisconnectAsync();
        }

        await using var again = await Broker.ConnectPersistentAsync(V5, clientId);
        await again.SendAsync(Message("", alias: 1));

        await again.ExpectDisconnectAsync(ReasonCode.ProtocolError);
    }

    [Theory]
    [InlineData(AtMostOnce)]
    [InlineData(AtLeastOnce)]
    [InlineData(ExactlyOnce)]
    public async Task Sets_an_alias_towards_a_client_that_allows_it_and_then_leaves_the_topic_out(QualityOfService qos)
    {
        string first = Unique.Name("alias/out"), second = Unique.Name("alias/other");
        await using var subscriber = await Broker.ConnectAsync(V5, topicAliasMaximum: 1);
        await subscriber.SubscribeAsync(first);
        await subscriber.SubscribeAsync(second);

        await subscriber.PublishAsync(first, "1", qos);
        await subscriber.PublishAsync(first, "2", qos);
        await subscriber.PublishAsync(second, "3", qos);

        var set = await subscriber.ExpectEventuallyAsync<PublishPacket>();
        set.Topic.Should().Be(first);
        set.TopicAlias.Should().Be(1);
        var used = await subscriber.ExpectEventuallyAsync<PublishPacket>();
        used.Topic.Should().BeEmpty();
        used.TopicAlias.Should().Be(1);
        (await subscriber.ExpectEventuallyAsync<PublishPacket>()).Topic.Should().Be(second);
    }

    private static PublishPacket Message(string topic, ushort alias) =>
        new() { Topic = topic, TopicAlias = alias, Payload = Encoding.UTF8.GetBytes("x") };
}
