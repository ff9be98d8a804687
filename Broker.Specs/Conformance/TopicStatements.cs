using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.Conformance;

/// <summary>Topic names, topic filters and how they match (section 4.7), and the strings that they are (sections 1.5.3 or 1.5.4).</summary>
public class TopicStatements(SharedBroker shared) : StatementSpecs(shared)
{
    [Theory]
    [InlineData(V311, "#", true, "|/|a|a/b/c")]
    [InlineData(V311, "a/#", true, "a|a/|a/b|a/b/c")]
    [InlineData(V311, "a/#", false, "b|ab|/a")]
    [InlineData(V5, "#", true, "|/|a|a/b/c")]
    [InlineData(V5, "a/#", true, "a|a/|a/b|a/b/c")]
    [InlineData(V5, "a/#", false, "b|ab|/a")]
    [Statement(V311, "MQTT-4.7.1-2")]
    [Statement(V5, "MQTT-4.7.1-1")]
    public async Task The_multi_level_wildcard_stands_for_the_parent_and_all_below(
        ProtocolVersion version, string filter, bool matches, string topics) => await MatchAsync(version, filter, matches, topics.Split('|'));

    [Theory]
    [InlineData(V311, "+", true, "a|")]
    [InlineData(V311, "+", false, "a/b|/a")]
    [InlineData(V311, "a/+/c", true, "a/b/c|a//c")]
    [InlineData(V311, "a/+", false, "a|a/b/c")]
    [InlineData(V311, "+/+", true, "/b|a/b|/")]
    [InlineData(V5, "+", true, "a|")]
    [InlineData(V5, "+", false, "a/b|/a")]
    [InlineData(V5, "a/+/c", true, "a/b/c|a//c")]
    [InlineData(V5, "a/+", false, "a|a/b/c")]
    [InlineData(V5, "+/+", true, "/b|a/b|/")]
    [Statement(V311, "MQTT-4.7.1-3")]
    [Statement(V5, "MQTT-4.7.1-2")]
    public async Task The_single_level_wildcard_stands_for_one_whole_level(
        ProtocolVersion version, string filter, bool matches, string topics) => await MatchAsync(version, filter, matches, topics.Split('|'));

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-4.7.3-4")]
    [Statement(V5, "MQTT-4.7.3-4")]
    public async Task Nothing_is_normalised(ProtocolVersion version) =>
        // Case, separators, spaces, and é as one character or as two.
        await MatchAsync(version, "a/b \u00E9", false, "A/b \u00E9", "a//b \u00E9", "/a/b \u00E9", "a/b \u00E9/", "a/b\u00E9", "a/b e\u0301");

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-1.5.3-3")]
    [Statement(V5, "MQTT-1.5.4-3")]
    public async Task A_byte_order_mark_is_a_character_of_the_topic(ProtocolVersion version)
    {
        await MatchAsync(version, "\uFEFFa", true, "\uFEFFa");
        await MatchAsync(version, "a", false, "\uFEFFa", "a\uFEFF");
    }

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-4.7.2-1")]
    [Statement(V5, "MQTT-4.7.2-1")]
    public async Task Filters_that_begin_with_a_wildcard_do_not_match_topics_that_begin_with_a_dollar_sign(ProtocolVersion version)
    {
        var name = Unique.Name("dollar");
        await using var wild = await Broker.ConnectAsync(version);
        await using var exact = await Broker.ConnectAsync(version);
        await using var publisher = await Broker.ConnectAsync(version);
        await wild.SubscribeAsync(new SubscriptionRequest($"+/{name}", AtLeastOnce), new SubscriptionRequest($"+/{name}/#", AtLeastOnce));
        await exact.SubscribeAsync($"$specs/{name}", AtLeastOnce);

        // A broker may keep these topics for itself; then the message goes to nobody.
        await publisher.SendAsync(new PublishPacket { Topic = $"$specs/{name}", Payload = "x"u8.ToArray() });
        await using var last = await Broker.ConnectAsync(version);
        await ExpectOnlyAsync(wild, last, $"specs/{name}");

        await using var everything = await Broker.ConnectAsync(version);
        await everything.SubscribeAsync("#", AtMostOnce);
        await last.PublishAsync($"specs/{name}", "the end", AtLeastOnce);
        while (await everything.ExpectEventuallyAsync<PublishPacket>() is { } message && message.Text() != "the end")
        {
            message.Topic.Should().NotStartWith("$");
        }
    }

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-4.7.3-3")]
    [Statement(V5, "MQTT-4.7.3-3")]
    public async Task A_topic_of_65535_bytes_is_one_still(ProtocolVersion version)
    {
        var prefix = Unique.Name("long");
        var topic = $"{prefix}/{new string('x', 65_535 - prefix.Length - 1)}";
        await using var client = await Broker.ConnectAsync(version);
        var answer = await client.TrySubscribeAsync(null, new SubscriptionRequest(topic, AtMostOnce));
        Require(answer.ReasonCodes[0] == ReasonCode.GrantedQoS0, "a broker with room for topics of 65,535 bytes");

        await client.PublishAsync(topic, "x");

        (await client.ReceiveAsync()).Topic.Should().Be(topic);
    }

    /// <summary>
    /// Subscribes to a filter below a level of its own, publishes to the topics below the same level (empty: to the level itself) and
    /// expects all of them or none.
    /// </summary>
    private async Task MatchAsync(ProtocolVersion version, string filter, bool matches, params string[] topics)
    {
        var prefix = Unique.Name("match");
        await using var client = await Broker.ConnectAsync(version);
        await using var publisher = await Broker.ConnectAsync(version);

        // "#" and "+" below a level match the level itself, or an empty level; both stand for the empty topic here.
        await client.SubscribeAsync(new SubscriptionRequest($"{prefix}/{filter}", AtLeastOnce), new SubscriptionRequest($"{prefix}-end", AtLeastOnce));
        string[] names = [.. topics.Select(topic => topic.Length == 0 && filter == "#" ? prefix : $"{prefix}/{topic}")];
        foreach (var name in names)
        {
            await publisher.PublishAsync(name, name, AtLeastOnce);
        }

        await publisher.PublishAsync($"{prefix}-end", "end", AtLeastOnce);

        var received = new List<string>();
        while (await client.ReceiveAsync() is { } message && message.Text() != "end")
        {
            message.Topic.Should().Be(message.Text(), "a topic is passed on as it was published");
            received.Add(message.Topic);
        }

        received.Should().Equal(matches ? names : []);
    }
}
