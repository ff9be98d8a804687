using System.Text;
using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.EndToEnd.Protocol;

public class PublishSpecs(SharedBroker shared) : ProtocolSpecs(shared)
{
    [Theory]
    [EveryVersionAndQoS]
    public async Task Delivers_at_the_lower_QoS_of_publisher_and_subscriber(
        ProtocolVersion from, ProtocolVersion to, QualityOfService published, QualityOfService subscribed)
    {
        var topic = Unique.Name("publish/qos");
        await using var subscriber = await Broker.ConnectAsync(to);
        await using var publisher = await Broker.ConnectAsync(from);
        await subscriber.SubscribeAsync(topic, subscribed);

        await publisher.PublishAsync(topic, "hello", published);

        var received = await subscriber.ReceiveAsync();
        received.Topic.Should().Be(topic);
        received.Text().Should().Be("hello");
        received.QoS.Should().Be(published < subscribed ? published : subscribed);
        received.Retain.Should().BeFalse();
        received.Duplicate.Should().BeFalse();
    }

    [Theory]
    [EveryVersion]
    public async Task Delivers_an_empty_payload(ProtocolVersion version)
    {
        var topic = Unique.Name("publish/empty");
        await using var client = await Broker.ConnectAsync(version);
        await client.SubscribeAsync(topic);

        await client.PublishAsync(topic, "", AtLeastOnce);

        (await client.ReceiveAsync()).Payload.Length.Should().Be(0);
    }

    [Theory]
    [EveryVersion]
    public async Task Delivers_a_large_payload_unchanged(ProtocolVersion version)
    {
        var topic = Unique.Name("publish/large");
        var payload = new byte[600_000];
        new Random(5).NextBytes(payload);
        await using var subscriber = await Broker.ConnectAsync(version);
        await using var publisher = await Broker.ConnectAsync(version);
        await subscriber.SubscribeAsync(topic);

        await publisher.PublishAsync(new PublishPacket { Topic = topic, Payload = payload, QoS = ExactlyOnce, PacketId = publisher.NextPacketId() });

        (await subscriber.ReceiveAsync()).Payload.Span.SequenceEqual(payload).Should().BeTrue();
    }

    [Theory]
    [InlineData(AtMostOnce)]
    [InlineData(AtLeastOnce)]
    [InlineData(ExactlyOnce)]
    public async Task Keeps_the_order_of_a_publisher(QualityOfService qos)
    {
        var topic = Unique.Name("publish/order");
        string[] numbers = [.. Enumerable.Range(1, 500).Select(number => $"{number}")];
        await using var subscriber = await Broker.ConnectAsync(V5);
        await using var publisher = await Broker.ConnectAsync(V311);
        await subscriber.SubscribeAsync(topic, qos);

        await publisher.SendAsync([.. numbers.Select(number => new PublishPacket
        {
            Topic = topic,
            Payload = Encoding.UTF8.GetBytes(number),
            QoS = qos,
            PacketId = qos == AtMostOnce ? (ushort)0 : publisher.NextPacketId(),
        })]);

        if (qos == ExactlyOnce)
        {
            foreach (var _ in numbers)
            {
                var received = await publisher.ExpectEventuallyAsync<PubRecPacket>();
                await publisher.SendAsync(new PubRelPacket { PacketId = received.PacketId });
            }
        }

        (await subscriber.ReceiveTextsAsync(numbers.Length)).Should().Equal(numbers);
    }

    [Theory]
    [InlineData("publish/a/b", "publish/+/b", true)]
    [InlineData("publish/a/b", "publish/#", true)]
    [InlineData("publish/a", "publish/a/#", true)]
    [InlineData("publish/a/b", "publish/+", false)]
    [InlineData("publish//b", "publish/+/b", true)]
    [InlineData("publish/A", "publish/a", false)]
    [InlineData("/publish/a", "publish/a", false)]
    [InlineData("publish/grüße/日本", "publish/grüße/+", true)]
    public async Task Matches_topics_with_filters(string topic, string filter, bool matches)
    {
        var prefix = Unique.Name("t");
        await using var client = await Broker.ConnectAsync(V311);
        await client.SubscribeAsync($"{prefix}/{filter}", AtLeastOnce);
        await client.SubscribeAsync($"{prefix}/last", AtLeastOnce);

        await client.PublishAsync($"{prefix}/{topic}", "wanted", AtLeastOnce);
        await client.PublishAsync($"{prefix}/last", "last", AtLeastOnce);

        (await client.ReceiveAsync()).Text().Should().Be(matches ? "wanted" : "last");
    }

    [Fact]
    public async Task Does_not_match_a_leading_wildcard_with_a_topic_that_starts_with_a_dollar()
    {
        var name = Unique.Name("dollar");
        await using var client = await Broker.ConnectAsync(V5);
        await client.SubscribeAsync($"+/{name}", AtLeastOnce);

        await client.PublishAsync($"$internal/{name}", "hidden", AtLeastOnce);

        await ExpectOnlyAsync(client, client, $"public/{name}");
    }

    [Theory]
    [EveryVersion]
    public async Task Delivers_once_where_several_subscriptions_of_a_client_match_and_at_the_highest_QoS(ProtocolVersion version)
    {
        var topic = Unique.Name("publish/overlap");
        await using var client = await Broker.ConnectAsync(version);
        await client.SubscribeAsync(new SubscriptionRequest($"{topic}/#", AtLeastOnce), new SubscriptionRequest($"{topic}/a", ExactlyOnce));

        await client.PublishAsync($"{topic}/a", "once", ExactlyOnce);

        (await client.ReceiveAsync()).QoS.Should().Be(ExactlyOnce);
        await ExpectOnlyAsync(client, client, $"{topic}/b");
    }
}
