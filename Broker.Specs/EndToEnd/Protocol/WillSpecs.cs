using System.Text;
using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.EndToEnd.Protocol;

/// <summary>Wills (sections 3.1.2.5 and 3.1.3.2.2).</summary>
public class WillSpecs(SharedBroker shared) : ProtocolSpecs(shared)
{
    [Theory]
    [EveryVersion]
    public async Task Publishes_the_will_when_the_connection_breaks(ProtocolVersion version)
    {
        var topic = Unique.Name("will/broken");
        await using var witness = await WitnessAsync(topic);
        await using var mortal = await Broker.ConnectAsync(version, will: Will(topic));

        await mortal.CloseAsync();

        var will = await witness.ReceiveAsync();
        will.Text().Should().Be("gone");
        will.QoS.Should().Be(AtLeastOnce);
        will.Retain.Should().BeFalse();
    }

    [Theory]
    [EveryVersion]
    public async Task Publishes_the_will_when_the_client_breaks_the_protocol(ProtocolVersion version)
    {
        var topic = Unique.Name("will/protocol");
        await using var witness = await WitnessAsync(topic);
        await using var mortal = await Broker.ConnectAsync(version, will: Will(topic));

        await mortal.SendAsync(new byte[] { 0x00, 0x00 });

        (await witness.ReceiveAsync()).Text().Should().Be("gone");
    }

    [Theory]
    [EveryVersion]
    public async Task Forgets_the_will_at_DISCONNECT(ProtocolVersion version)
    {
        var topic = Unique.Name("will/disconnect");
        await using var witness = await WitnessAsync(topic);
        await using var leaving = await Broker.ConnectAsync(version, will: Will(topic));

        await leaving.DisconnectAsync();

        await using var publisher = await Broker.ConnectAsync(version);
        await ExpectOnlyAsync(witness, publisher, topic);
    }

    [Fact]
    public async Task Publishes_the_will_at_DISCONNECT_with_will_message()
    {
        var topic = Unique.Name("will/asked");
        await using var witness = await WitnessAsync(topic);
        await using var leaving = await Broker.ConnectAsync(V5, will: Will(topic));

        await leaving.DisconnectAsync(ReasonCode.DisconnectWithWillMessage);

        (await witness.ReceiveAsync()).Text().Should().Be("gone");
    }

    [Theory]
    [EveryVersion]
    public async Task Retains_a_retained_will(ProtocolVersion version)
    {
        var topic = Unique.Name("will/retained");
        await using var witness = await WitnessAsync(topic);
        await using var mortal = await Broker.ConnectAsync(version, will: Will(topic, retain: true));
        await mortal.CloseAsync();
        await witness.ReceiveAsync();

        await using var late = await Broker.ConnectAsync(version);
        await late.SubscribeAsync(topic);

        var will = await late.ReceiveAsync();
        will.Text().Should().Be("gone");
        will.Retain.Should().BeTrue();
    }

    [Fact]
    public async Task Publishes_the_will_with_its_properties()
    {
        var topic = Unique.Name("will/properties");
        await using var witness = await WitnessAsync(topic);
        await using var mortal = await Broker.ConnectAsync(V5, will: Will(topic, properties: new PublishProperties
        {
            ContentType = "text/plain",
            ResponseTopic = "answers",
            UserProperties = [new UserProperty("z", "1"), new UserProperty("a", "2")],
        }));

        await mortal.CloseAsync();

        var will = await witness.ReceiveAsync();
        will.Properties!.ContentType.Should().Be("text/plain");
        will.Properties.ResponseTopic.Should().Be("answers");
        will.Properties.UserProperties.Should().Equal(new UserProperty("z", "1"), new UserProperty("a", "2"));
    }

    [Theory]
    [EveryVersion]
    public async Task Publishes_the_will_of_a_connection_that_is_taken_over(ProtocolVersion version)
    {
        string topic = Unique.Name("will/take-over"), clientId = Unique.Name("taken");
        await using var witness = await WitnessAsync(topic);
        await using var old = await Broker.ConnectAsync(version, clientId, will: Will(topic));

        await using var taker = await Broker.ConnectAsync(version, clientId);

        (await witness.ReceiveAsync()).Text().Should().Be("gone");
    }

    [Fact]
    public async Task Waits_for_the_Will_Delay_Interval()
    {
        var topic = Unique.Name("will/delay");
        await using var witness = await WitnessAsync(topic);
        await using var mortal = await Broker.ConnectAsync(V5, sessionExpiry: 60, will: Will(topic, delay: 1));
        await using var publisher = await Broker.ConnectAsync(V5);

        await mortal.CloseAsync();

        await ExpectOnlyAsync(witness, publisher, topic);
        (await witness.ReceiveAsync()).Text().Should().Be("gone");
    }

    [Fact]
    public async Task Does_not_wait_longer_than_the_session_lives()
    {
        var topic = Unique.Name("will/expiry");
        await using var witness = await WitnessAsync(topic);
        await using var mortal = await Broker.ConnectAsync(V5, sessionExpiry: 1, will: Will(topic, delay: 3600));

        await mortal.CloseAsync();

        (await witness.ReceiveAsync()).Text().Should().Be("gone");
    }

    [Fact]
    public async Task Publishes_a_delayed_will_at_once_when_a_clean_start_ends_the_session()
    {
        string topic = Unique.Name("will/clean"), clientId = Unique.Name("clean");
        await using var witness = await WitnessAsync(topic);
        await using var mortal = await Broker.ConnectAsync(V5, clientId, sessionExpiry: 3600, will: Will(topic, delay: 3600));
        await mortal.CloseAsync();

        await using var reborn = await Broker.ConnectAsync(V5, clientId, cleanStart: true);

        (await witness.ReceiveAsync()).Text().Should().Be("gone");
    }

    [Fact]
    public async Task Forgets_a_delayed_will_when_the_client_resumes_its_session_in_time()
    {
        string topic = Unique.Name("will/resumed"), clientId = Unique.Name("resumed");
        await using var witness = await WitnessAsync(topic);
        await using var mortal = await Broker.ConnectAsync(V5, clientId, sessionExpiry: 60, will: Will(topic, delay: 2));
        await mortal.CloseAsync();
        await using var resumed = await Broker.ConnectPersistentAsync(V5, clientId);
        resumed.ConnAck.SessionPresent.Should().BeTrue();

        // A will with the same delay, of a client that broke off later: when it comes, the first one's time is over.
        await using var other = await Broker.ConnectAsync(V5, sessionExpiry: 60, will: Will($"{topic}/later", delay: 2));
        await witness.SubscribeAsync($"{topic}/later", AtLeastOnce);
        await other.CloseAsync();

        (await witness.ReceiveAsync()).Topic.Should().Be($"{topic}/later");
    }

    private static WillMessage Will(string topic, uint delay = 0, bool retain = false, PublishProperties? properties = null) => new()
    {
        Topic = topic,
        Payload = Encoding.UTF8.GetBytes("gone"),
        QoS = AtLeastOnce,
        Retain = retain,
        DelayInterval = delay,
        Properties = properties,
    };

    private async Task<RawClient> WitnessAsync(string topic)
    {
        var witness = await Broker.ConnectAsync(V5);
        await witness.SubscribeAsync(topic, AtLeastOnce);
        return witness;
    }
}
