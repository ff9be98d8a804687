using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.EndToEnd.Protocol;

/// <summary>Sessions that outlive their connections (sections 3.1.2.4, 3.1.2.11.2 and 4.1).</summary>
public class SessionSpecs(SharedBroker shared) : ProtocolSpecs(shared)
{
    [Theory]
    [EveryVersion]
    public async Task Keeps_subscriptions_and_queues_messages_in_order_while_the_client_is_away(ProtocolVersion version)
    {
        string topic = Unique.Name("session/queue"), clientId = Unique.Name("queue");
        await using (var first = await Broker.ConnectPersistentAsync(version, clientId))
        {
            first.ConnAck.SessionPresent.Should().BeFalse();
            await first.SubscribeAsync(topic);
            await first.DisconnectAsync();
        }

        await using var publisher = await Broker.ConnectAsync(V5);
        foreach (var number in Enumerable.Range(1, 20))
        {
            await publisher.PublishAsync(topic, $"{number}", number % 2 == 0 ? AtLeastOnce : ExactlyOnce);
        }

        await using var again = await Broker.ConnectPersistentAsync(version, clientId);

        again.ConnAck.SessionPresent.Should().BeTrue();
        (await again.ReceiveTextsAsync(20)).Should().Equal(Enumerable.Range(1, 20).Select(number => $"{number}"));
        await publisher.PublishAsync(topic, "live", AtLeastOnce);
        (await again.ReceiveAsync()).Text().Should().Be("live");
    }

    [Theory]
    [EveryVersion]
    public async Task Queues_for_a_client_whose_connection_broke(ProtocolVersion version)
    {
        string topic = Unique.Name("session/broken"), clientId = Unique.Name("broken");
        await using (var first = await Broker.ConnectPersistentAsync(version, clientId))
        {
            await first.SubscribeAsync(topic);
        }

        await using var publisher = await Broker.ConnectAsync(V5);
        await publisher.PublishAsync(topic, "missed", ExactlyOnce);

        await using var again = await Broker.ConnectPersistentAsync(version, clientId);
        (await again.ReceiveAsync()).Text().Should().Be("missed");
    }

    [Theory]
    [EveryVersion]
    public async Task Forgets_the_session_at_a_clean_start(ProtocolVersion version)
    {
        string topic = Unique.Name("session/clean"), clientId = Unique.Name("clean");
        await using (var first = await Broker.ConnectPersistentAsync(version, clientId))
        {
            await first.SubscribeAsync(topic, AtLeastOnce);
        }

        await using (var clean = await Broker.ConnectAsync(version, clientId, cleanStart: true))
        {
            clean.ConnAck.SessionPresent.Should().BeFalse();
            await clean.PublishAsync(topic, "to nobody", AtLeastOnce);
            await clean.ExpectNothingAsync();
            await clean.DisconnectAsync();
        }

        await using var last = await Broker.ConnectPersistentAsync(version, clientId);
        last.ConnAck.SessionPresent.Should().BeFalse();
    }

    [Theory]
    [EveryVersion]
    public async Task Ends_a_session_without_expiry_with_its_connection(ProtocolVersion version)
    {
        var clientId = Unique.Name("short");
        await using (var first = await Broker.ConnectAsync(version, clientId))
        {
            await first.SubscribeAsync(Unique.Name("session/short"));
            await first.DisconnectAsync();
        }

        await using var again = await Broker.ConnectPersistentAsync(version, clientId);
        again.ConnAck.SessionPresent.Should().BeFalse();
    }

    [Fact]
    public async Task Ends_a_session_when_its_expiry_has_passed()
    {
        var clientId = Unique.Name("expiry");
        await using (var first = await Broker.ConnectAsync(V5, clientId, sessionExpiry: 1))
        {
            await first.DisconnectAsync();
        }

        await RealTime.PassesAsync(TimeSpan.FromSeconds(2.5));

        await using var again = await Broker.ConnectPersistentAsync(V5, clientId);
        again.ConnAck.SessionPresent.Should().BeFalse();
    }

    [Fact]
    public async Task Takes_another_expiry_from_DISCONNECT()
    {
        var clientId = Unique.Name("changed");
        await using (var first = await Broker.ConnectAsync(V5, clientId, sessionExpiry: 300))
        {
            await first.DisconnectAsync(sessionExpiry: 0);
        }

        await using var again = await Broker.ConnectPersistentAsync(V5, clientId);
        again.ConnAck.SessionPresent.Should().BeFalse();
    }

    [Fact]
    public async Task Takes_no_expiry_from_DISCONNECT_where_CONNECT_had_none()
    {
        var clientId = Unique.Name("refused");
        await using var client = await Broker.ConnectAsync(V5, clientId);

        await client.SendAsync(new DisconnectPacket { SessionExpiryInterval = 60 });

        await client.ExpectDisconnectAsync(ReasonCode.ProtocolError);
        await using var again = await Broker.ConnectPersistentAsync(V5, clientId);
        again.ConnAck.SessionPresent.Should().BeFalse();
    }

    [Fact]
    public async Task Hands_a_session_from_MQTT_3_to_MQTT_5()
    {
        string topic = Unique.Name("session/upgrade"), clientId = Unique.Name("upgrade");
        await using (var old = await Broker.ConnectPersistentAsync(V311, clientId))
        {
            await old.SubscribeAsync(topic);
        }

        await using var upgraded = await Broker.ConnectPersistentAsync(V5, clientId);
        upgraded.ConnAck.SessionPresent.Should().BeTrue();
        await upgraded.PublishAsync(topic, "same session", AtLeastOnce);
        (await upgraded.ReceiveAsync()).Text().Should().Be("same session");
    }

    [Theory]
    [EveryVersion]
    public async Task Forgets_a_subscription_that_was_ended_though_the_session_lives_on(ProtocolVersion version)
    {
        string topic = Unique.Name("session/ended"), clientId = Unique.Name("ended");
        await using (var first = await Broker.ConnectPersistentAsync(version, clientId))
        {
            await first.SubscribeAsync(topic);
            await first.UnsubscribeAsync(topic);
        }

        await using var publisher = await Broker.ConnectAsync(V5);
        await publisher.PublishAsync(topic, "to nobody", AtLeastOnce);

        await using var again = await Broker.ConnectPersistentAsync(version, clientId);
        again.ConnAck.SessionPresent.Should().BeTrue();
        await again.ExpectNothingAsync();
    }
}
