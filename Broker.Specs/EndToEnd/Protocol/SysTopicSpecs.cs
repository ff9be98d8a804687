using System.Text.RegularExpressions;
using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.EndToEnd.Protocol;

/// <summary>What the broker says about itself, under the names that Mosquitto uses.</summary>
public class SysTopicSpecs(SharedBroker shared) : ProtocolSpecs(shared)
{
    [Theory]
    [InlineData("version", "[0-9]+\\.[0-9]+")]
    [InlineData("uptime", "^[0-9]+")]
    [InlineData("clients/connected", "^[1-9][0-9]*$")]
    [InlineData("clients/total", "^[1-9][0-9]*$")]
    [InlineData("clients/disconnected", "^[0-9]+$")]
    [InlineData("clients/maximum", "^[1-9][0-9]*$")]
    [InlineData("messages/received", "^[0-9]+$")]
    [InlineData("messages/sent", "^[0-9]+$")]
    [InlineData("publish/messages/received", "^[0-9]+$")]
    [InlineData("publish/messages/sent", "^[0-9]+$")]
    [InlineData("publish/messages/dropped", "^[0-9]+$")]
    [InlineData("retained messages/count", "^[0-9]+$")]
    [InlineData("subscriptions/count", "^[1-9][0-9]*$")]
    [InlineData("bytes/received", "^[1-9][0-9]*$")]
    [InlineData("bytes/sent", "^[1-9][0-9]*$")]
    public async Task Publishes_its_totals(string name, string pattern)
    {
        await using var client = await Broker.ConnectAsync(V311);

        // The first value may be from before this client came; one of the next ones counts it.
        await client.SubscribeAsync($"$SYS/broker/{name}", AtMostOnce);

        var total = await client.ExpectEventuallyAsync<PublishPacket>(publish => Regex.IsMatch(publish.Text(), pattern));
        total.Topic.Should().Be($"$SYS/broker/{name}");
    }

    [Fact]
    public async Task Hides_them_from_wildcards_at_the_first_level()
    {
        await using var client = await Broker.ConnectAsync(V5);

        var answer = await client.TrySubscribeAsync(null, new SubscriptionRequest("+/broker/#", AtMostOnce));

        answer.ReasonCodes.Should().Equal(ReasonCode.GrantedQoS0);
        await client.ExpectNothingAsync();
    }

    [Fact]
    public async Task Are_the_broker_s_own_to_write()
    {
        var topic = $"$SYS/broker/{Unique.Name("forged")}";
        await using var client = await Broker.ConnectAsync(V311);
        await client.SubscribeAsync(topic, AtLeastOnce);

        await client.SendAsync(new PublishPacket { Topic = topic, Payload = "forged"u8.ToArray() });

        await client.ExpectNothingAsync();
    }
}
