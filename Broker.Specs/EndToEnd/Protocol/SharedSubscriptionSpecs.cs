using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.EndToEnd.Protocol;

/// <summary>Shared subscriptions (section 4.8.2); MQTT 3 clients may use them too.</summary>
public class SharedSubscriptionSpecs(SharedBroker shared) : ProtocolSpecs(shared)
{
    [Theory]
    [EveryVersion]
    public async Task Gives_each_message_to_one_member_and_to_every_member_some(ProtocolVersion version)
    {
        var topic = Unique.Name("shared/balance");
        await using var publisher = await Broker.ConnectAsync(V5);
        await using var one = await Broker.ConnectAsync(version);
        await using var other = await Broker.ConnectAsync(version);
        await one.SubscribeAsync($"$share/group/{topic}", AtLeastOnce);
        await other.SubscribeAsync($"$share/group/{topic}", AtLeastOnce);

        foreach (var number in Enumerable.Range(1, 50))
        {
            await publisher.PublishAsync(topic, $"{number}", AtLeastOnce);
        }

        var first = await EverythingAsync(one, publisher);
        var second = await EverythingAsync(other, publisher);
        first.Should().NotBeEmpty();
        second.Should().NotBeEmpty();
        first.Concat(second).Should().BeEquivalentTo(Enumerable.Range(1, 50).Select(number => $"{number}"));
    }

    [Fact]
    public async Task Serves_every_group_and_the_ordinary_subscriptions_beside_them()
    {
        var topic = Unique.Name("shared/groups");
        await using var publisher = await Broker.ConnectAsync(V5);
        await using var red = await Broker.ConnectAsync(V5);
        await using var blue = await Broker.ConnectAsync(V5);
        await using var ordinary = await Broker.ConnectAsync(V5);
        await red.SubscribeAsync($"$share/red/{topic}", AtLeastOnce);
        await blue.SubscribeAsync($"$share/blue/{topic}", AtLeastOnce);
        await ordinary.SubscribeAsync(topic, AtLeastOnce);

        await publisher.PublishAsync(topic, "to all three", AtLeastOnce);

        foreach (var client in (RawClient[])[red, blue, ordinary])
        {
            (await client.ReceiveAsync()).Text().Should().Be("to all three");
        }
    }

    [Fact]
    public async Task Leaves_the_rest_to_the_members_that_stay()
    {
        var topic = Unique.Name("shared/leaving");
        await using var publisher = await Broker.ConnectAsync(V5);
        await using var staying = await Broker.ConnectAsync(V5);
        await using var leaving = await Broker.ConnectAsync(V5);
        await using var vanishing = await Broker.ConnectAsync(V5);
        foreach (var member in (RawClient[])[staying, leaving, vanishing])
        {
            await member.SubscribeAsync($"$share/group/{topic}", AtLeastOnce);
        }

        await leaving.UnsubscribeAsync($"$share/group/{topic}");
        await vanishing.DisconnectAsync();

        string[] numbers = [.. Enumerable.Range(1, 12).Select(number => $"{number}")];
        foreach (var number in numbers)
        {
            await publisher.PublishAsync(topic, number, AtLeastOnce);
        }

        (await staying.ReceiveTextsAsync(12)).Should().Equal(numbers);
        await leaving.ExpectNothingAsync();
    }

    [Fact]
    public async Task Sends_no_retained_messages_to_a_shared_subscription()
    {
        var topic = Unique.Name("shared/retained");
        await using var client = await Broker.ConnectAsync(V5);
        await client.PublishAsync(topic, "kept", AtLeastOnce, retain: true);

        await client.SubscribeAsync($"$share/group/{topic}", AtLeastOnce);

        await ExpectOnlyAsync(client, client, topic);
    }

    [Theory]
    [EveryVersion]
    public async Task Queues_for_a_member_that_is_away_where_no_other_is_there(ProtocolVersion version)
    {
        string topic = Unique.Name("shared/away"), clientId = Unique.Name("away");
        await using (var member = await Broker.ConnectPersistentAsync(version, clientId))
        {
            await member.SubscribeAsync($"$share/group/{topic}", AtLeastOnce);
            await member.DisconnectAsync();
        }

        await using var publisher = await Broker.ConnectAsync(V5);
        await publisher.PublishAsync(topic, "missed", AtLeastOnce);

        await using var again = await Broker.ConnectPersistentAsync(version, clientId);
        (await again.ReceiveAsync()).Text().Should().Be("missed");
    }

    [Fact]
    public async Task Prefers_a_member_that_is_connected()
    {
        string topic = Unique.Name("shared/online"), clientId = Unique.Name("offline");
        await using (var member = await Broker.ConnectPersistentAsync(V5, clientId))
        {
            await member.SubscribeAsync($"$share/group/{topic}", AtLeastOnce);
            await member.DisconnectAsync();
        }

        await using var online = await Broker.ConnectAsync(V5);
        await online.SubscribeAsync($"$share/group/{topic}", AtLeastOnce);
        string[] numbers = [.. Enumerable.Range(1, 10).Select(number => $"{number}")];
        foreach (var number in numbers)
        {
            await online.PublishAsync(topic, number, AtLeastOnce);
        }

        (await online.ReceiveTextsAsync(10)).Should().Equal(numbers);
    }

    /// <summary>All that was published for the client before now: up to a message that goes to it alone.</summary>
    private static async Task<List<string>> EverythingAsync(RawClient client, RawClient publisher)
    {
        var end = Unique.Name("shared/end");
        await client.SubscribeAsync(end, AtLeastOnce);
        await publisher.PublishAsync(end, "end", AtLeastOnce);
        var texts = new List<string>();
        while (await client.ReceiveAsync() is { } received && received.Topic != end)
        {
            texts.Add(received.Text());
        }

        return texts;
    }
}
