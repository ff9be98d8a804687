using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.EndToEnd.Protocol;

/// <summary>A second connection with the same client id ends the first [MQTT-3.1.4-3].</summary>
public class TakeOverSpecs(SharedBroker shared) : ProtocolSpecs(shared)
{
    [Theory]
    [EveryVersion]
    public async Task Ends_the_older_connection(ProtocolVersion version)
    {
        var clientId = Unique.Name("taken");
        await using var old = await Broker.ConnectAsync(version, clientId);

        await using var taker = await Broker.ConnectAsync(version, clientId);

        await old.ExpectRefusalAsync(ReasonCode.SessionTakenOver);
        await taker.ExpectNothingAsync();
    }

    [Theory]
    [EveryVersion]
    public async Task Hands_subscriptions_and_unacknowledged_messages_over(ProtocolVersion version)
    {
        string topic = Unique.Name("take-over/session"), clientId = Unique.Name("moving");
        await using var publisher = await Broker.ConnectAsync(V5);
        await using var old = await Broker.ConnectPersistentAsync(version, clientId);
        await old.SubscribeAsync(topic, AtLeastOnce);
        await publisher.PublishAsync(topic, "unacknowledged", AtLeastOnce);
        await old.ExpectAsync<PublishPacket>();

        await using var taker = await Broker.ConnectPersistentAsync(version, clientId);

        taker.ConnAck.SessionPresent.Should().BeTrue();
        var resent = await taker.ReceiveAsync();
        resent.Text().Should().Be("unacknowledged");
        resent.Duplicate.Should().BeTrue();
        await publisher.PublishAsync(topic, "live", AtLeastOnce);
        (await taker.ReceiveAsync()).Text().Should().Be("live");
    }

    [Fact]
    public async Task Leaves_one_connection_where_many_fight_for_a_client_id()
    {
        var clientId = Unique.Name("fight");
        var rivals = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => RawClient.OpenAsync(Broker, V5)));
        try
        {
            // One that still waits for its CONNACK when the next one comes may be closed without.
            await Task.WhenAll(rivals.Select(rival => rival.IsAcceptedAsync(clientId)));

            var answers = 0;
            foreach (var rival in rivals)
            {
                answers += await rival.AnswersAsync() ? 1 : 0;
            }

            answers.Should().Be(1);
        }
        finally
        {
            foreach (var rival in rivals)
            {
                await rival.DisposeAsync();
            }
        }
    }
}
