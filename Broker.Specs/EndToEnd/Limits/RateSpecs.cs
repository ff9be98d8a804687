using System.Diagnostics;
using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using Broker.Specs.EndToEnd.Hostile;
using Broker.Specs.EndToEnd.Management;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.EndToEnd.Limits;

/// <summary>Who comes, or sends, faster than it may waits, and loses nothing by it.</summary>
public sealed class RateSpecs(RatedBroker rated) : IClassFixture<RatedBroker>
{
    private readonly BrokerEndpoint _broker = rated.Process.Endpoint;

    [Fact]
    public async Task Connections_that_come_faster_wait_and_are_all_served()
    {
        var clock = Stopwatch.StartNew();

        var clients = await Task.WhenAll(Enumerable.Range(0, 2 * RatedBroker.Connections).Select(_ => rated.Slow.ConnectAsync(V5)));

        clock.Elapsed.Should().BeGreaterThan(TimeSpan.FromMilliseconds(900), "the first second's worth is served at once, the second takes a second");
        foreach (var client in clients)
        {
            (await client.AnswersAsync()).Should().BeTrue();
            await client.DisposeAsync();
        }
    }

    [Fact]
    public async Task Handshakes_that_stop_halfway_give_way_to_one_that_does_not()
    {
        var halves = new List<HostileConnection>();
        for (var i = 0; i < 6 * RatedBroker.Handshakes; i++)
        {
            halves.Add(await HostileConnection.OpenAsync(_broker, _broker.TlsPort));
            await halves[i].SendAsync(new byte[] { 0x16, 0x03, 0x01, 0x02, 0x00, 0x01 });
        }

        await using var client = await RawClient.ConnectAsync(_broker, new ConnectPacket { Version = V5, ClientId = Unique.Name("honest") }, Security.Tls);

        (await client.AnswersAsync()).Should().BeTrue();
        foreach (var half in halves.SkipLast(RatedBroker.Handshakes))
        {
            (await half.EndsAsync()).Should().BeTrue("the oldest give way");
        }

        halves.ForEach(half => half.Dispose());
    }

    [Theory]
    [InlineData(AtMostOnce)]
    [InlineData(AtLeastOnce)]
    [InlineData(ExactlyOnce)]
    public async Task A_client_that_publishes_faster_is_held_and_every_message_arrives_in_order(QualityOfService qos)
    {
        const int Count = 2 * RatedBroker.Messages;
        var topic = Unique.Name("rate");
        await using var subscriber = await _broker.ConnectAsync(V5);
        await using var publisher = await _broker.ConnectAsync(V5, Unique.Name("fast"));
        await subscriber.SubscribeAsync(topic, qos);
        var clock = Stopwatch.StartNew();

        await publisher.SendAsync([.. Enumerable.Range(1, Count).Select(number => new PublishPacket
        {
            Topic = topic, QoS = qos, PacketId = qos == AtMostOnce ? (ushort)0 : (ushort)number, Payload = System.Text.Encoding.UTF8.GetBytes($"{number}"),
        })]);

        (await subscriber.ReceiveTextsAsync(Count)).Should().Equal(Enumerable.Range(1, Count).Select(number => $"{number}"));
        clock.Elapsed.Should().BeGreaterThan(TimeSpan.FromMilliseconds(900));
        (await publisher.AnswersAsync()).Should().BeTrue();
    }

    [Fact]
    public async Task A_client_that_sends_more_bytes_is_held_and_told_of_once()
    {
        var (topic, name) = (Unique.Name("rate"), Unique.Name("large"));
        await using var subscriber = await _broker.ConnectAsync(V5);
        await using var publisher = await _broker.ConnectAsync(V5, name);
        await subscriber.SubscribeAsync(topic, AtMostOnce);

        // Two seconds' worth and a half, the first of which is there at once.
        await publisher.SendAsync([.. Enumerable.Range(0, 5).Select(_ => new PublishPacket { Topic = topic, Payload = new byte[RatedBroker.Bytes / 2] })]);
        (await Eventually.HoldsAsync(async () => await HeldAsync() == 1, Deadline.ForPackets)).Should().BeTrue("the publisher should be held; the broker printed: {0}", _broker.Transcript());
        for (var i = 0; i < 5; i++)
        {
            (await subscriber.ExpectEventuallyAsync<PublishPacket>()).Payload.Length.Should().Be(RatedBroker.Bytes / 2);
        }

        (await publisher.AnswersAsync()).Should().BeTrue();
        rated.Process.Output.Should().ContainSingle(line => line.Contains($"{name} from 127.0.0.1:") && line.Contains("max-byte-rate"));
    }

    private async Task<double> HeldAsync() =>
        Exposition.Parse(await rated.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative))).Value("mqtt_connections_held", "reason=rate");
}
