using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.Conformance;

/// <summary>Shared subscriptions (section 4.8.2), MQTT 5.</summary>
public class SharedSubscriptionStatements(SharedBroker shared) : StatementSpecs(shared)
{
    [Fact]
    [Statement(V5, "MQTT-4.8.2-1", "MQTT-4.8.2-2")]
    public async Task Each_message_goes_to_one_member_of_each_share()
    {
        var topic = Unique.Name("shared/one");
        await using var publisher = await ConnectAsync();
        await using var first = await MemberAsync(topic, AtMostOnce);
        await using var second = await MemberAsync(topic, AtMostOnce);
        await using var other = await MemberAsync(topic, AtMostOnce, share: "other");

        foreach (var number in Enumerable.Range(1, 10))
        {
            await publisher.PublishAsync(topic, $"{number}", AtLeastOnce);
        }

        string[] all = [.. Enumerable.Range(1, 10).Select(number => $"{number}")];
        (await other.ReceiveTextsAsync(10)).Should().Equal(all);
        string[] together = [.. await EverythingAsync(first, publisher), .. await EverythingAsync(second, publisher)];
        together.Should().BeEquivalentTo(all);
    }

    [Fact]
    [Statement(V5, "MQTT-4.8.2-3")]
    public async Task Each_member_gets_messages_at_the_QoS_it_was_granted()
    {
        var topic = Unique.Name("shared/qos");
        await using var publisher = await ConnectAsync();
        await using var low = await MemberAsync(topic, AtMostOnce);
        await using var high = await MemberAsync(topic, AtLeastOnce);

        foreach (var number in Enumerable.Range(1, 10))
        {
            await publisher.PublishAsync(topic, $"{number}", ExactlyOnce);
        }

        var received = new List<PublishPacket>();
        await EverythingAsync(low, publisher, message => message.QoS.Should().Be(AtMostOnce), received);
        await EverythingAsync(high, publisher, message => message.QoS.Should().Be(AtLeastOnce), received);
        received.Should().HaveCount(10);
    }

    [Fact]
    [Statement(V5, "MQTT-4.8.2-4")]
    public async Task A_QoS_2_delivery_that_breaks_is_completed_with_the_same_member()
    {
        string topic = Unique.Name("shared/breaks"), clientId = Unique.Name("member");
        await using var publisher = await ConnectAsync();
        ushort packetId;
        await using (var member = await Broker.ConnectPersistentAsync(V5, clientId))
        {
            await member.SubscribeAsync($"$share/group/{topic}");
            await publisher.PublishAsync(topic, "mine", ExactlyOnce);
            packetId = (await member.ExpectAsync<PublishPacket>()).PacketId;
        }

        await using var other = await MemberAsync(topic, ExactlyOnce);
        await using var again = await Broker.ConnectPersistentAsync(V5, clientId);
        var repeated = await again.ExpectAsync<PublishPacket>();
        (repeated.Text(), repeated.PacketId, repeated.Duplicate).Should().Be(("mine", packetId, true));
        await again.AcknowledgeAsync(repeated);
        await other.ExpectNothingAsync();
    }

    [Fact]
    [Statement(V5, "MQTT-4.8.2-5")]
    public async Task A_QoS_2_delivery_whose_member_s_session_ends_goes_to_no_other()
    {
        var topic = Unique.Name("shared/ends");
        await using var publisher = await ConnectAsync();
        await using var member = await MemberAsync(topic, ExactlyOnce);
        await publisher.PublishAsync(topic, "under way", ExactlyOnce);
        await member.ExpectAsync<PublishPacket>();
        await using var other = await MemberAsync(topic, ExactlyOnce);

        await member.CloseAsync();

        // The other member is the only one now: it gets what is published from here on.
        await publisher.PublishAsync(topic, "next", ExactlyOnce);
        await publisher.PublishAsync(topic, "last", ExactlyOnce);
        var texts = await EverythingAsync(other, publisher);
        texts.Should().NotContain("under way");
    }

    [Theory]
    [InlineData(AtLeastOnce)]
    [InlineData(ExactlyOnce)]
    [Statement(V5, "MQTT-4.8.2-6")]
    public async Task A_message_that_a_member_refuses_goes_to_no_other(QualityOfService qos)
    {
        var topic = Unique.Name("shared/refused");
        await using var publisher = await ConnectAsync();
        await using var member = await MemberAsync(topic, qos);
        await publisher.PublishAsync(topic, "unwanted", qos);
        var packetId = (await member.ExpectAsync<PublishPacket>()).PacketId;
        await using var other = await MemberAsync(topic, qos);

        await member.SendAsync(qos == AtLeastOnce
            ? new PubAckPacket { PacketId = packetId, ReasonCode = ReasonCode.UnspecifiedError }
            : new PubRecPacket { PacketId = packetId, ReasonCode = ReasonCode.UnspecifiedError });

        await member.ExpectNothingAsync();
        (await EverythingAsync(other, publisher)).Should().BeEmpty();
    }

    private async Task<RawClient> ConnectAsync()
    {
        var client = await Broker.ConnectAsync(V5);
        Require(client.ConnAck.SharedSubscriptionAvailable is not false, "a broker with shared subscriptions");
        return client;
    }

    private async Task<RawClient> MemberAsync(string topic, QualityOfService qos, string share = "group")
    {
        var member = await Broker.ConnectAsync(V5);
        await member.SubscribeAsync($"$share/{share}/{topic}", qos);
        return member;
    }

    /// <summary>All that was published for the client before now: up to a message that goes to it alone.</summary>
    private static async Task<IReadOnlyList<string>> EverythingAsync(
        RawClient client, RawClient publisher, Action<PublishPacket>? check = null, List<PublishPacket>? into = null)
    {
        var end = Unique.Name("shared/end");
        into ??= [];
        var before = into.Count;
        await client.SubscribeAsync(end, AtMostOnce);
        await publisher.PublishAsync(end, "end", AtMostOnce);
        while (await client.ReceiveAsync() is { } received && received.Topic != end)
        {
            check?.Invoke(received);
            into.Add(received);
        }

        return [.. into.Skip(before).Select(message => message.Text())];
    }
}
