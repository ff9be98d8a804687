using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.Conformance;

/// <summary>Wills (sections 3.1.2.5 to 3.1.2.7, 3.1.3.2 and 3.14.4).</summary>
public class WillStatements(SharedBroker shared) : StatementSpecs(shared)
{
    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.1.2-8", "MQTT-3.1.2-16")]
    [Statement(V5, "MQTT-3.1.2-7", "MQTT-3.1.2-8", "MQTT-3.1.2-14")]
    public async Task The_will_is_published_when_the_connection_breaks_as_an_ordinary_message(ProtocolVersion version)
    {
        var topic = Unique.Name("will/broken");
        await using var witness = await WitnessAsync(version, topic);
        await using var mortal = await Broker.ConnectAsync(version, will: Will(topic));

        await mortal.CloseAsync();

        var will = await witness.ReceiveAsync();
        will.Text().Should().Be("gone");
        will.QoS.Should().Be(AtLeastOnce);
        await using var late = await Broker.ConnectAsync(version);
        await late.SubscribeAsync(topic);
        await late.ExpectNothingAsync();
    }

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.1.2-17")]
    [Statement(V5, "MQTT-3.1.2-15")]
    public async Task A_will_with_will_retain_is_retained(ProtocolVersion version)
    {
        var topic = Unique.Name("will/retained");
        await using var witness = await WitnessAsync(version, topic);
        await using var mortal = await Broker.ConnectAsync(version, will: Will(topic, retain: true));

        await mortal.CloseAsync();

        await witness.ReceiveAsync();
        await using var late = await Broker.ConnectAsync(version);
        await late.SubscribeAsync(topic);
        var retained = await late.ReceiveAsync();
        retained.Text().Should().Be("gone");
        retained.Retain.Should().BeTrue();
    }

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.1.2-10", "MQTT-3.14.4-3")]
    [Statement(V5, "MQTT-3.1.2-10", "MQTT-3.14.4-3")]
    public async Task DISCONNECT_discards_the_will(ProtocolVersion version)
    {
        var topic = Unique.Name("will/discarded");
        await using var witness = await WitnessAsync(version, topic);
        await using var leaving = await Broker.ConnectAsync(version, will: Will(topic));

        await leaving.DisconnectAsync();

        await using var publisher = await Broker.ConnectAsync(version);
        await ExpectOnlyAsync(witness, publisher, topic);
    }

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.1.2-10", "MQTT-3.1.2-12")]
    [Statement(V5, "MQTT-3.1.2-10")]
    public async Task A_will_that_was_published_is_gone_and_a_connection_without_will_publishes_none(ProtocolVersion version)
    {
        string topic = Unique.Name("will/once"), clientId = Unique.Name("once");
        await using var witness = await WitnessAsync(version, topic);
        await using (var mortal = await RawClient.ConnectAsync(Broker, Persistent(version, clientId, Will(topic))))
        {
            await mortal.CloseAsync();
        }

        (await witness.ReceiveAsync()).Text().Should().Be("gone");

        await using (var again = await Broker.ConnectPersistentAsync(version, clientId))
        {
            await again.CloseAsync();
        }

        await using var last = await Broker.ConnectAsync(version, clientId);
        await ExpectOnlyAsync(witness, last, topic);
    }

    [Fact]
    [Statement(V5, "MQTT-3.1.2-8")]
    public async Task The_will_delay_is_waited_for()
    {
        var topic = Unique.Name("will/delay");
        await using var witness = await WitnessAsync(V5, topic);
        await using var mortal = await RawClient.ConnectAsync(Broker, Persistent(V5, Unique.Name("delay"), Will(topic, delay: 1)));
        var broke = TimeProvider.System.GetTimestamp();

        await mortal.CloseAsync();

        await witness.ExpectNothingAsync();
        (await witness.ReceiveAsync()).Text().Should().Be("gone");
        TimeProvider.System.GetElapsedTime(broke).Should().BeGreaterThan(TimeSpan.FromSeconds(0.9));
    }

    [Fact]
    [Statement(V5, "MQTT-3.1.2-8")]
    public async Task The_end_of_the_session_ends_the_will_delay()
    {
        var topic = Unique.Name("will/session-end");
        await using var witness = await WitnessAsync(V5, topic);
        await using var mortal = await Broker.ConnectAsync(V5, will: Will(topic, delay: 3_600));

        await mortal.CloseAsync();

        (await witness.ReceiveAsync()).Text().Should().Be("gone");
    }

    [Fact]
    [Statement(V5, "MQTT-3.1.2-8", "MQTT-3.1.3-9")]
    public async Task A_new_connection_in_time_cancels_the_will()
    {
        string topic = Unique.Name("will/cancelled"), clientId = Unique.Name("cancelled");
        await using var witness = await WitnessAsync(V5, topic);
        await using (var mortal = await RawClient.ConnectAsync(Broker, Persistent(V5, clientId, Will(topic, delay: 1))))
        {
            await mortal.CloseAsync();
        }

        await using var again = await Broker.ConnectPersistentAsync(V5, clientId);
        await RealTime.PassesAsync(TimeSpan.FromSeconds(2));

        await ExpectOnlyAsync(witness, again, topic);
    }

    [Fact]
    [Statement(V5, "MQTT-3.1.3-10")]
    public async Task The_will_s_user_properties_keep_their_order()
    {
        var topic = Unique.Name("will/order");
        UserProperty[] properties = [new("z", "1"), new("a", "2"), new("z", "0"), new("m", "")];
        await using var witness = await WitnessAsync(V5, topic);
        await using var mortal = await Broker.ConnectAsync(
            V5, will: Will(topic, properties: new PublishProperties { UserProperties = properties }));

        await mortal.CloseAsync();

        (await witness.ReceiveAsync()).Properties!.UserProperties.Should().Equal(properties);
    }

    private static WillMessage Will(string topic, bool retain = false, uint delay = 0, PublishProperties? properties = null) => new()
    {
        Topic = topic,
        Payload = "gone"u8.ToArray(),
        QoS = AtLeastOnce,
        Retain = retain,
        DelayInterval = delay,
        Properties = properties,
    };

    private static ConnectPacket Persistent(ProtocolVersion version, string clientId, WillMessage will) => new()
    {
        Version = version,
        ClientId = clientId,
        CleanStart = false,
        SessionExpiryInterval = 300,
        Will = will,
    };

    private async Task<RawClient> WitnessAsync(ProtocolVersion version, string topic)
    {
        var witness = await Broker.ConnectAsync(version);
        await witness.SubscribeAsync(topic);
        return witness;
    }
}
