using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using Broker.Specs.Protocol.Codec;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.EndToEnd.Hostile;

/// <summary>Bad input at a running node, one kind in each spec; what the codec makes of it is in <c>Protocol/Codec</c>.</summary>
public class BadPacketSpecs(SharedBroker shared) : ProtocolSpecs(shared)
{
    private static readonly string Slashes = new('/', 65_535);

    /// <summary>CONNACK, SUBACK, UNSUBACK and PINGRESP.</summary>
    [Theory]
    [InlineData(V311, "20 02 00 00")]
    [InlineData(V5, "20 03 00 00 00")]
    [InlineData(V311, "90 03 00 01 00")]
    [InlineData(V5, "90 04 00 01 00 00")]
    [InlineData(V311, "B0 02 00 01")]
    [InlineData(V5, "B0 04 00 01 00 00")]
    [InlineData(V311, "D0 00")]
    [InlineData(V5, "D0 00")]
    public async Task A_packet_that_only_brokers_send_ends_the_connection(ProtocolVersion version, string bytes)
    {
        await using var client = await Broker.ConnectAsync(version);

        await client.SendAsync(Wire.Bytes(bytes));

        await client.ExpectRefusalAsync(ReasonCode.ProtocolError);
    }

    [Theory]
    [InlineData("10 FF FF FF 7F")]
    [InlineData("30 FF FF FF 7F")]
    [InlineData("82 FF FF FF 7F")]
    [InlineData("16 03 01 02 00")]
    public async Task A_first_packet_of_256_MB_ends_the_connection_by_its_first_bytes(string bytes)
    {
        await using var client = await RawClient.OpenAsync(Broker, V5);

        await client.SendAsync(Wire.Bytes(bytes));

        await client.ExpectCloseAsync();
    }

    [Theory]
    [InlineData(V311, "32", "0000 0001 'x'", ReasonCode.MalformedPacket)]
    [InlineData(V5, "32", "0000 0001 00 'x'", ReasonCode.ProtocolError)]
    [InlineData(V5, "30", "0000 00", ReasonCode.ProtocolError)]
    public async Task A_topic_of_no_bytes_ends_the_connection(ProtocolVersion version, string first, string body, ReasonCode reasonCode)
    {
        await using var client = await Broker.ConnectAsync(version);

        await client.SendAsync(Wire.Packet(first, body));

        await client.ExpectRefusalAsync(reasonCode);
    }

    /// <summary>Each end of each packet, on a connection of its own.</summary>
    [Theory]
    [EveryVersion]
    public async Task A_packet_that_ends_within_its_fields_ends_the_connection_wherever_it_is_cut(ProtocolVersion version)
    {
        Packet[] packets =
        [
            new PublishPacket { Topic = "cut", QoS = AtLeastOnce, PacketId = 1 },
            new SubscribePacket { PacketId = 1, Subscriptions = [new SubscriptionRequest("cut/+", AtMostOnce)] },
            new UnsubscribePacket { PacketId = 1, Filters = ["cut/+"] },
        ];
        foreach (var whole in packets.Select(packet => CodecHarness.Encode(packet, version)))
        {
            for (var cut = 0; cut < whole.Length - 2; cut++)
            {
                await using var client = await Broker.ConnectAsync(version);
                await client.SendAsync(new byte[] { whole[0], (byte)cut }.Concat(whole.Skip(2).Take(cut)).ToArray());
                await client.ExpectEndAsync();
            }
        }
    }

    [Fact]
    public async Task A_topic_of_65535_slashes_is_refused_and_the_client_goes_on()
    {
        await using var client = await Broker.ConnectAsync(V5);

        (await client.PublishAsync(Slashes, "x", AtLeastOnce)).Should().Be(ReasonCode.TopicNameInvalid);
        (await client.PublishAsync(Slashes, "x", ExactlyOnce)).Should().Be(ReasonCode.TopicNameInvalid);
        await client.PublishAsync(Slashes, "x", AtMostOnce, retain: true);
        (await client.TrySubscribeAsync(null, new SubscriptionRequest(Slashes, AtMostOnce), new SubscriptionRequest($"$share/g/{Slashes[..65_000]}", AtMostOnce)))
            .ReasonCodes.Should().Equal(ReasonCode.TopicFilterInvalid, ReasonCode.TopicFilterInvalid);
        (await client.UnsubscribeAsync(Slashes)).ReasonCodes.Should().Equal(ReasonCode.NoSubscriptionExisted);
    }

    [Fact]
    public async Task A_will_on_65535_slashes_is_refused_with_the_client()
    {
        await using var client = await RawClient.OpenAsync(Broker, V5);

        await client.SendAsync(new ConnectPacket { Version = V5, ClientId = Unique.Name("will"), Will = new WillMessage { Topic = Slashes[..65_400], Payload = default } });

        (await client.ExpectAsync<ConnAckPacket>()).ReasonCode.Should().Be(ReasonCode.TopicNameInvalid);
        await client.ExpectCloseAsync();
    }

    [Fact]
    public async Task A_thousand_subscriptions_with_100_levels_are_served_and_gone_with_their_client()
    {
        var first = Unique.Name("deep");
        var topic = $"{first}/{string.Join('/', Enumerable.Repeat("a", 99))}";
        await using var witness = await Broker.ConnectAsync(V5);
        await witness.SubscribeAsync($"{first}/#", AtLeastOnce);
        await using (var deep = await Broker.ConnectAsync(V5))
        {
            // Which levels are wildcards is another set for each: they share as little of the tree as can be.
            await deep.SubscribeAsync([.. Enumerable.Range(0, 1_000).Select(i =>
                new SubscriptionRequest($"{first}/{string.Join('/', Enumerable.Range(0, 99).Select(level => (i >> (level % 10) & 1) == 0 ? "+" : "a"))}", AtMostOnce))]);

            await witness.PublishAsync(topic, "with", AtLeastOnce);

            (await deep.ReceiveAsync()).Text().Should().Be("with");
            await deep.ExpectNothingAsync();
        }

        await witness.PublishAsync(topic, "without", AtLeastOnce);
        (await witness.ReceiveTextsAsync(2)).Should().Equal("with", "without");
    }

    [Theory]
    [InlineData("$share/😀/t")]
    [InlineData("$share/$share/t")]
    [InlineData("$share/ /t")]
    [InlineData("$share/../t")]
    [InlineData("$share/%c/t")]
    public async Task A_strange_name_of_a_group_is_one_like_any_other(string filter)
    {
        var topic = Unique.Name("strange");
        await using var one = await Broker.ConnectAsync(V5);
        await using var other = await Broker.ConnectAsync(V5);
        var shared = filter.Replace("/t", $"/{topic}", StringComparison.Ordinal);
        await one.SubscribeAsync(shared, AtLeastOnce);
        await other.SubscribeAsync(shared, AtLeastOnce);

        for (var number = 1; number <= 4; number++)
        {
            (await one.PublishAsync(topic, $"{number}", AtLeastOnce)).Should().Be(ReasonCode.Success);
        }

        await one.ExpectEventuallyAsync<PublishPacket>();
        await other.ExpectEventuallyAsync<PublishPacket>();
    }

    [Fact]
    public async Task A_group_whose_name_is_as_long_as_a_filter_may_be_is_one_too()
    {
        var topic = Unique.Name("long");
        await using var client = await Broker.ConnectAsync(V5);
        await client.SubscribeAsync($"$share/{new string('g', 65_535 - "$share//".Length - topic.Length)}/{topic}", AtLeastOnce);

        await client.PublishAsync(topic, "x", AtLeastOnce);

        (await client.ReceiveTextsAsync(1)).Should().Equal("x");
    }
}
