using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using Broker.Specs.Protocol.Codec;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.Conformance;

/// <summary>UNSUBSCRIBE and UNSUBACK (sections 3.10 and 3.11).</summary>
public class UnsubscribeStatements(SharedBroker shared) : StatementSpecs(shared)
{
    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.10.1-1", "MQTT-2.2.2-2")]
    [Statement(V5, "MQTT-3.10.1-1", "MQTT-4.13.1-1")]
    [Statement(V5, "MQTT-2.1.3-1", IsOurAnswer = true)]
    public async Task UNSUBSCRIBE_with_other_flags_ends_the_connection(ProtocolVersion version)
    {
        var body = $"0001 {NoProperties(version)} <a/b>";
        await ExpectEndAsync(version, Wire.Packet("A0", body), Wire.Packet("A1", body), Wire.Packet("A6", body));
    }

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.10.3-1", "MQTT-1.5.3-1")]
    [Statement(V5, "MQTT-3.10.3-1", "MQTT-1.5.4-1")]
    public async Task A_filter_that_is_no_string_ends_the_connection(ProtocolVersion version) =>
        await ExpectEndAsync(
            version,
            Wire.Packet("A2", $"0001 {NoProperties(version)} 0002 C328"),
            Wire.Packet("A2", $"0001 {NoProperties(version)} 0002 'a' 00"));

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.10.3-2", "MQTT-4.8.0-1")]
    [Statement(V5, "MQTT-3.10.3-2")]
    public async Task UNSUBSCRIBE_without_a_filter_ends_the_connection(ProtocolVersion version) =>
        await ExpectEndAsync(version, Wire.Packet("A2", $"0001 {NoProperties(version)}"));

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.10.4-1", "MQTT-3.10.4-2")]
    [Statement(V5, "MQTT-3.10.4-1", "MQTT-3.10.4-2")]
    public async Task The_subscription_with_that_very_filter_ends_and_no_other(ProtocolVersion version)
    {
        var prefix = Unique.Name("unsubscribe/equal");
        await using var client = await Broker.ConnectAsync(version);
        await client.SubscribeAsync(new SubscriptionRequest($"{prefix}/+", AtLeastOnce));

        await client.UnsubscribeAsync($"{prefix}/a", $"{prefix}/#", $"{prefix}/+/", $"{prefix.ToUpperInvariant()}/+");
        await client.PublishAsync($"{prefix}/a", "still");
        (await client.ReceiveAsync()).Text().Should().Be("still");
        await client.UnsubscribeAsync($"{prefix}/+");
        await client.PublishAsync($"{prefix}/a", "no more", AtLeastOnce);
        await client.ExpectNothingAsync();
    }

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.10.4-3")]
    [Statement(V5, "MQTT-3.10.4-3")]
    public async Task Deliveries_under_way_are_completed(ProtocolVersion version)
    {
        string topic = Unique.Name("unsubscribe/under-way"), clientId = Unique.Name("under-way");
        ushort first, second;
        await using (var client = await Broker.ConnectPersistentAsync(version, clientId))
        {
            await client.SubscribeAsync(topic);
            await client.PublishAsync(topic, "1", ExactlyOnce);
            await client.PublishAsync(topic, "2", AtLeastOnce);
            first = (await client.ExpectEventuallyAsync<PublishPacket>()).PacketId;
            second = (await client.ExpectEventuallyAsync<PublishPacket>()).PacketId;

            await client.UnsubscribeAsync(topic);

            await client.SendAsync(new PubRecPacket { PacketId = first });
            (await client.ExpectEventuallyAsync<PubRelPacket>()).PacketId.Should().Be(first);
        }

        await using var again = await Broker.ConnectPersistentAsync(version, clientId);
        Packet[] rest = [await again.ExpectAsync<Packet>(), await again.ExpectAsync<Packet>()];
        rest.OfType<PubRelPacket>().Should().ContainSingle().Which.PacketId.Should().Be(first);
        rest.OfType<PublishPacket>().Should().ContainSingle().Which.PacketId.Should().Be(second);
    }

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.10.4-4", "MQTT-3.10.4-5", "MQTT-2.3.1-7")]
    [Statement(V5, "MQTT-3.10.4-4", "MQTT-3.10.4-5", "MQTT-2.2.1-6")]
    public async Task UNSUBACK_answers_under_the_packet_id_even_where_nothing_was_subscribed(ProtocolVersion version)
    {
        await using var client = await Broker.ConnectAsync(version);
        foreach (var packetId in (ushort[])[1, 258, 65_535])
        {
            await client.SendAsync(new UnsubscribePacket { PacketId = packetId, Filters = ["never/subscribed"] });
            (await client.ExpectAsync<UnsubAckPacket>()).PacketId.Should().Be(packetId);
        }
    }

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.10.4-6")]
    [Statement(V5, "MQTT-3.10.4-6")]
    public async Task Several_filters_end_with_one_UNSUBACK(ProtocolVersion version)
    {
        var prefix = Unique.Name("unsubscribe/several");
        await using var client = await Broker.ConnectAsync(version);
        await client.SubscribeAsync(new SubscriptionRequest($"{prefix}/a", AtLeastOnce), new SubscriptionRequest($"{prefix}/b", AtLeastOnce));

        await client.UnsubscribeAsync($"{prefix}/a", $"{prefix}/other", $"{prefix}/b");

        await client.PublishAsync($"{prefix}/a", "x", AtLeastOnce);
        await client.PublishAsync($"{prefix}/b", "x", AtLeastOnce);
        await client.ExpectNothingAsync();
    }

    [Fact]
    [Statement(V5, "MQTT-3.11.3-1", "MQTT-3.11.3-2")]
    public async Task UNSUBACK_has_a_code_for_each_filter_in_order()
    {
        var prefix = Unique.Name("unsubscribe/codes");
        await using var client = await Broker.ConnectAsync(V5);
        await client.SubscribeAsync(new SubscriptionRequest($"{prefix}/a", AtLeastOnce), new SubscriptionRequest($"{prefix}/b", AtLeastOnce));

        var answer = await client.UnsubscribeAsync($"{prefix}/none", $"{prefix}/b", $"{prefix}/b", $"{prefix}/a");

        answer.ReasonCodes.Should().Equal(
            ReasonCode.NoSubscriptionExisted, ReasonCode.Success, ReasonCode.NoSubscriptionExisted, ReasonCode.Success);
    }
}
