using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.Conformance;

/// <summary>Sessions and Session Present (sections 3.1.2.4, 3.1.2.11.2, 3.2.2.1, 4.1 and 4.5).</summary>
public class SessionStatements(SharedBroker shared) : StatementSpecs(shared)
{
    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.1.2-4", "MQTT-3.1.4-3", "MQTT-3.2.2-2", "MQTT-3.2.2-3", "MQTT-4.1.0-1")]
    [Statement(V5, "MQTT-3.1.2-5", "MQTT-3.1.2-6", "MQTT-3.1.2-23", "MQTT-3.1.4-4", "MQTT-3.2.2-3")]
    public async Task A_session_that_is_kept_is_resumed_with_its_subscriptions_and_messages(ProtocolVersion version)
    {
        string topic = Unique.Name("session/kept"), clientId = Unique.Name("kept");
        await using (var first = await Broker.ConnectPersistentAsync(version, clientId))
        {
            first.ConnAck.SessionPresent.Should().BeFalse();
            await first.SubscribeAsync(topic);
        }

        await using var publisher = await Broker.ConnectAsync(version);
        await publisher.PublishAsync(topic, "missed", AtLeastOnce);

        await using var again = await Broker.ConnectPersistentAsync(version, clientId);
        again.ConnAck.SessionPresent.Should().BeTrue();
        (await again.ReceiveAsync()).Text().Should().Be("missed");
        await publisher.PublishAsync(topic, "live", AtLeastOnce);
        (await again.ReceiveAsync()).Text().Should().Be("live");
    }

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.1.2-6", "MQTT-3.1.4-3", "MQTT-3.2.2-1")]
    [Statement(V5, "MQTT-3.1.2-4", "MQTT-3.1.4-4", "MQTT-3.2.2-2")]
    public async Task A_clean_start_discards_the_earlier_session(ProtocolVersion version)
    {
        string topic = Unique.Name("session/clean"), clientId = Unique.Name("clean");
        await using (var first = await Broker.ConnectPersistentAsync(version, clientId))
        {
            await first.SubscribeAsync(topic);
        }

        await using var publisher = await Broker.ConnectAsync(version);
        await publisher.PublishAsync(topic, "missed", AtLeastOnce);

        await using var clean = await Broker.ConnectAsync(version, clientId);
        clean.ConnAck.SessionPresent.Should().BeFalse();
        await publisher.PublishAsync(topic, "to nobody", AtLeastOnce);
        await clean.ExpectNothingAsync();
    }

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.1.2-6", "MQTT-3.2.2-3")]
    [Statement(V5, "MQTT-4.1.0-2", "MQTT-3.2.2-3")]
    public async Task A_session_that_is_not_kept_leaves_nothing(ProtocolVersion version)
    {
        string topic = Unique.Name("session/short"), clientId = Unique.Name("short");
        await using (var first = await Broker.ConnectAsync(version, clientId))
        {
            await first.SubscribeAsync(topic);
            await first.DisconnectAsync();
        }

        await using var publisher = await Broker.ConnectAsync(version);
        await publisher.PublishAsync(topic, "missed", AtLeastOnce);

        await using var again = await Broker.ConnectPersistentAsync(version, clientId);
        again.ConnAck.SessionPresent.Should().BeFalse();
        await again.ExpectNothingAsync();
    }

    [Fact]
    [Statement(V5, "MQTT-4.1.0-2", "MQTT-3.1.2-23")]
    public async Task A_session_ends_when_its_expiry_has_passed_and_not_before()
    {
        var clientId = Unique.Name("expiry");
        await using (var first = await Broker.ConnectAsync(V5, clientId, sessionExpiry: 2))
        {
        }

        await using (var inTime = await Broker.ConnectAsync(V5, clientId, cleanStart: false, sessionExpiry: 1))
        {
            inTime.ConnAck.SessionPresent.Should().BeTrue();
            await inTime.DisconnectAsync();
        }

        await RealTime.PassesAsync(TimeSpan.FromSeconds(3));

        await using var late = await Broker.ConnectPersistentAsync(V5, clientId);
        late.ConnAck.SessionPresent.Should().BeFalse();
    }

    [Fact]
    [Statement(V5, "MQTT-4.1.0-1")]
    public async Task The_expiry_does_not_run_while_the_client_is_connected()
    {
        string topic = Unique.Name("session/open"), clientId = Unique.Name("open");
        await using var client = await Broker.ConnectAsync(V5, clientId, sessionExpiry: 1);
        await client.SubscribeAsync(topic);

        await RealTime.PassesAsync(TimeSpan.FromSeconds(2.5));

        await client.PublishAsync(topic, "still here", AtLeastOnce);
        (await client.ReceiveAsync()).Text().Should().Be("still here");
    }

    [Fact]
    [Statement(V311, "MQTT-4.1.0-2", "MQTT-4.1.0-1")]
    public async Task A_clean_session_lasts_as_long_as_its_connection()
    {
        var topic = Unique.Name("session/lasting");
        await using var client = await Broker.ConnectAsync(V311);
        await client.SubscribeAsync(topic, ExactlyOnce);
        await client.SendAsync(new PublishPacket { Topic = topic, QoS = ExactlyOnce, PacketId = 7, Payload = "x"u8.ToArray() });
        await client.ExpectEventuallyAsync<PubRecPacket>();

        await RealTime.PassesAsync(TimeSpan.FromSeconds(1.5));

        // The QoS 2 state and the subscription are part of the session.
        await client.SendAsync(new PubRelPacket { PacketId = 7 });
        (await client.ExpectEventuallyAsync<PubCompPacket>()).PacketId.Should().Be(7);
        (await client.ReceiveTextsAsync(1)).Should().Equal("x");
    }

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-4.5.0-1")]
    [Statement(V5, "MQTT-4.5.0-1")]
    public async Task A_message_goes_into_the_session_of_every_subscriber(ProtocolVersion version)
    {
        var prefix = Unique.Name("session/all");
        string[] filters = [$"{prefix}/a", $"{prefix}/+", $"{prefix}/#", $"{prefix}/other"];
        string[] clientIds = [.. filters.Select(_ => Unique.Name("all"))];
        foreach (var (clientId, filter) in clientIds.Zip(filters))
        {
            await using var client = await Broker.ConnectPersistentAsync(version, clientId);
            await client.SubscribeAsync(filter);
        }

        await using var publisher = await Broker.ConnectAsync(version);
        await publisher.PublishAsync($"{prefix}/a", "for three", ExactlyOnce);

        foreach (var clientId in clientIds[..3])
        {
            await using var again = await Broker.ConnectPersistentAsync(version, clientId);
            (await again.ReceiveAsync()).Text().Should().Be("for three");
        }

        await using var other = await Broker.ConnectPersistentAsync(version, clientIds[3]);
        await other.ExpectNothingAsync();
    }
}
