using System.Text;
using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.Durable.Restart;

/// <summary>What lives on when the broker ends, killed or stopped, and starts again on the same data; one class below for each database.</summary>
public abstract class RestartSpecs
{
    private const string Killed = "kill -9";
    private const string Stopped = "clean stop";

    /// <summary>Of a broker on a database of this spec's own.</summary>
    protected abstract Task<string[]> SettingsAsync();

    [Theory]
    [InlineData(Killed)]
    [InlineData(Stopped)]
    public async Task Keeps_sessions_queues_and_retained_messages(string end)
    {
        await using var broker = await BrokerProcess.StartAsync(await SettingsAsync());
        await using (var reader = await broker.Endpoint.ConnectPersistentAsync(V5, "reader"))
        {
            await reader.SubscribeAsync("queued/#");
            await reader.DisconnectAsync();
        }

        await using var publisher = await broker.Endpoint.ConnectAsync(V311);
        await publisher.PublishAsync("retained/kept", "new", AtLeastOnce, retain: true);
        await publisher.PublishAsync("retained/gone", "old", ExactlyOnce, retain: true);
        await publisher.PublishAsync("retained/gone", "", AtLeastOnce, retain: true);
        await publisher.PublishAsync("queued/1", "one", AtLeastOnce);
        await publisher.PublishAsync("queued/2", "two", ExactlyOnce);

        await using var again = await EndAndStartAsync(broker, end);

        await using (var reader = await again.Endpoint.ConnectPersistentAsync(V5, "reader"))
        {
            reader.ConnAck.SessionPresent.Should().BeTrue();
            (await reader.ReceiveTextsAsync(2)).Should().Equal("one", "two");
            await using var later = await again.Endpoint.ConnectAsync(V5);
            await later.PublishAsync("queued/3", "three", AtLeastOnce);
            (await reader.ReceiveAsync()).Text().Should().Be("three", "the subscription is there too");
        }

        await using var newcomer = await again.Endpoint.ConnectAsync(V5);
        await newcomer.SubscribeAsync("retained/#");
        var retained = await newcomer.ReceiveAsync();
        retained.Topic.Should().Be("retained/kept");
        retained.Text().Should().Be("new");
        retained.Retain.Should().BeTrue();
        await newcomer.ExpectNothingAsync();
    }

    [Theory]
    [InlineData(Killed)]
    [InlineData(Stopped)]
    public async Task Publishes_the_will_of_a_connection_that_ended_with_the_node(string end)
    {
        await using var broker = await BrokerProcess.StartAsync(await SettingsAsync());
        await using (var witness = await broker.Endpoint.ConnectPersistentAsync(V5, "witness"))
        {
            await witness.SubscribeAsync("will/#");
            await witness.DisconnectAsync();
        }

        // First: nothing answers a DISCONNECT, but the commits of the CONNECTs that follow are behind its own.
        await using var left = await broker.Endpoint.ConnectAsync(V5, "left", sessionExpiry: 300, will: Will("will/left"));
        await left.DisconnectAsync();
        await using var live = await broker.Endpoint.ConnectAsync(V5, "live", will: Will("will/live"));
        await using var durable = await broker.Endpoint.ConnectAsync(V311, "durable", cleanStart: false, will: Will("will/durable"));
        await using var delayed = await broker.Endpoint.ConnectAsync(V5, "delayed", sessionExpiry: 300, will: Will("will/delayed", delay: 2));
        await using var back = await broker.Endpoint.ConnectAsync(V5, "back", sessionExpiry: 300, will: Will("will/back", delay: 60));

        await using var again = await EndAndStartAsync(broker, end);

        await using var backAgain = await again.Endpoint.ConnectPersistentAsync(V5, "back");
        await using var late = await again.Endpoint.ConnectPersistentAsync(V5, "witness");
        (await late.ReceiveTextsAsync(3)).Should().BeEquivalentTo("will/live", "will/durable", "will/delayed");
        await late.ExpectNothingAsync();
    }

    [Theory]
    [InlineData(Killed)]
    [InlineData(Stopped)]
    public async Task Ends_a_session_whose_time_is_over(string end)
    {
        await using var broker = await BrokerProcess.StartAsync(await SettingsAsync());
        await using var brief = await broker.Endpoint.ConnectAsync(V5, "brief", cleanStart: false, sessionExpiry: 1, will: Will("will/brief", delay: 100));
        await brief.SubscribeAsync("queued/#");
        await using var lasting = await broker.Endpoint.ConnectAsync(V5, "lasting", cleanStart: false, sessionExpiry: 300);
        await lasting.SubscribeAsync("will/#");

        await using var again = await EndAndStartAsync(broker, end);

        // A will is due at the latest when its session ends [MQTT-3.1.3-9]: once it is there, the session is not.
        await using var lastingAgain = await again.Endpoint.ConnectPersistentAsync(V5, "lasting");
        lastingAgain.ConnAck.SessionPresent.Should().BeTrue();
        (await lastingAgain.ReceiveAsync()).Text().Should().Be("will/brief");
        await using var publisher = await again.Endpoint.ConnectAsync(V5);
        (await publisher.PublishAsync("queued/1", "nobody takes it", AtLeastOnce)).Should().Be(ReasonCode.NoMatchingSubscribers);
        await using var briefAgain = await again.Endpoint.ConnectPersistentAsync(V5, "brief");
        briefAgain.ConnAck.SessionPresent.Should().BeFalse();
    }

    private static async Task<BrokerProcess> EndAndStartAsync(BrokerProcess broker, string end)
    {
        if (end == Killed)
        {
            await broker.KillAsync();
        }
        else
        {
            (await broker.StopAsync()).Should().Be(0, "the broker printed: {0}", broker.Endpoint.Transcript());
        }

        return await broker.StartAgainAsync();
    }

    private static WillMessage Will(string topic, uint delay = 0) => new()
    {
        Topic = topic,
        Payload = Encoding.UTF8.GetBytes(topic),
        QoS = AtLeastOnce,
        DelayInterval = delay,
    };
}
