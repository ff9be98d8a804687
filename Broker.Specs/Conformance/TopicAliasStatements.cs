using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using Broker.Specs.Protocol.Codec;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.Conformance;

/// <summary>Topic aliases from client to server (section 3.3.2.3.4), MQTT 5. The other way: <see cref="ConnectPropertyStatements"/>.</summary>
public class TopicAliasStatements(SharedBroker shared) : StatementSpecs(shared)
{
    [Fact]
    [Statement(V5, "MQTT-3.3.2-12")]
    public async Task Every_alias_up_to_the_server_s_maximum_is_accepted()
    {
        var topic = Unique.Name("alias/all");
        await using var subscriber = await Broker.ConnectAsync(V5);
        await subscriber.SubscribeAsync(topic, AtMostOnce);
        await using var publisher = await Broker.ConnectAsync(V5);
        var maximum = publisher.ConnAck.TopicAliasMaximum;
        Require(maximum > 0, "a broker with topic aliases");

        foreach (var alias in new HashSet<ushort> { 1, (ushort)((maximum + 1) / 2), maximum })
        {
            await publisher.SendAsync(Message(topic, alias, "set"), Message("", alias, "used"));
            (await subscriber.ReceiveTextsAsync(2)).Should().Equal("set", "used");
        }
    }

    [Fact]
    [Statement(V5, "MQTT-3.3.2-9", "MQTT-3.2.2-17", "MQTT-3.2.2-18")]
    public async Task An_alias_above_the_server_s_maximum_ends_the_connection()
    {
        await using var client = await Broker.ConnectAsync(V5);
        Require(client.ConnAck.TopicAliasMaximum < ushort.MaxValue, "a Topic Alias Maximum below 65,535");

        await client.SendAsync(Message(Unique.Name("alias/high"), (ushort)(client.ConnAck.TopicAliasMaximum + 1), "x"));

        await client.ExpectEndAsync();
    }

    [Fact]
    [Statement(V5, "MQTT-4.13.1-1")]
    [Statement(V5, "MQTT-3.3.2-8", IsOurAnswer = true)]
    public async Task Alias_0_ends_the_connection() => await ExpectEndAsync(V5, Wire.Packet("30", "<a/b> 03 23 0000 'x'"));

    [Fact]
    [Statement(V5, "MQTT-3.3.2-7")]
    public async Task Aliases_end_with_their_connection()
    {
        string topic = Unique.Name("alias/gone"), clientId = Unique.Name("gone");
        await using var witness = await Broker.ConnectAsync(V5);
        await witness.SubscribeAsync(topic, AtLeastOnce);
        await using (var first = await Broker.ConnectPersistentAsync(V5, clientId))
        {
            Require(first.ConnAck.TopicAliasMaximum > 0, "a broker with topic aliases");
            await first.PublishAsync(new PublishPacket { Topic = topic, TopicAlias = 1, Payload = "set"u8.ToArray() });
        }

        (await witness.ReceiveAsync()).Text().Should().Be("set");
        await using var again = await Broker.ConnectPersistentAsync(V5, clientId);
        await again.SendAsync(Message("", 1, "used"));

        await using var publisher = await Broker.ConnectAsync(V5);
        await ExpectOnlyAsync(witness, publisher, topic);
    }

    private static PublishPacket Message(string topic, ushort alias, string text) =>
        new() { Topic = topic, TopicAlias = alias, Payload = System.Text.Encoding.UTF8.GetBytes(text) };
}
