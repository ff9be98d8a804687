using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;

namespace Broker.Specs.EndToEnd.Clients;

/// <summary>What clients must be able to do with the broker, whatever is below MQTT.</summary>
public abstract class ClientExpectations(SharedBroker broker) : IClassFixture<SharedBroker>
{
    private protected abstract IClientUnderTest Client { get; }

    private protected async Task ExpectRoundTripAsync(ProtocolVersion version, QualityOfService qos, Security security)
    {
        var topic = Unique.Name("clients/round-trip");
        string[] payloads = ["first", "the second, with spaces and ünïcödé", "{\"third\": 3}"];
        await using var subscriber = await Client.SubscribeAsync(Connect(version, security), topic, qos, until: payloads.Length);

        await Client.PublishAsync(Connect(version, security), new Outgoing(topic, qos, Retain: false, payloads));

        await subscriber.EndAsync();
        subscriber.Received.Should().Equal(payloads.Select(payload => new Incoming(topic, payload, qos, Retain: false)));
    }

    private protected async Task ExpectRetainedAsync(ProtocolVersion version, Security security)
    {
        var topic = Unique.Name("clients/retained");
        await Client.PublishAsync(Connect(version, security), new Outgoing(topic, QualityOfService.AtLeastOnce, Retain: true, "old", "new"));

        await using var subscriber = await Client.SubscribeAsync(Connect(version, security), topic, QualityOfService.AtLeastOnce, until: 1);

        await subscriber.EndAsync();
        subscriber.Received.Should().Equal(new Incoming(topic, "new", QualityOfService.AtLeastOnce, Retain: true));
    }

    private protected async Task ExpectWillAsync(ProtocolVersion version, Security security)
    {
        var topic = Unique.Name("clients/will");
        await using var witness = await Client.SubscribeAsync(Connect(version, security), topic, QualityOfService.AtLeastOnce, until: 1);
        var mortal = Connect(version, security) with { Will = new Will(topic, "gone") };
        await using var vanishing = await Client.SubscribeAsync(mortal, Unique.Name("clients/other"), QualityOfService.AtMostOnce, until: 1);

        await vanishing.KillAsync();

        await witness.EndAsync();
        witness.Received.Should().Equal(new Incoming(topic, "gone", QualityOfService.AtLeastOnce, Retain: false));
    }

    private protected async Task ExpectWhatItMissedAsync(ProtocolVersion version, Security security)
    {
        var topic = Unique.Name("clients/missed");
        var persistent = Connect(version, security) with { Persistent = true };
        await using (var first = await Client.SubscribeAsync(persistent, topic, QualityOfService.ExactlyOnce, until: 0))
        {
            await first.EndAsync();
        }

        await Client.PublishAsync(Connect(version, security), new Outgoing(topic, QualityOfService.ExactlyOnce, Retain: false, "1", "2", "3"));
        await using var again = await Client.SubscribeAsync(persistent, topic, QualityOfService.ExactlyOnce, until: 3);

        await again.EndAsync();
        again.Received.Select(message => message.Payload).Should().Equal("1", "2", "3");
    }

    private protected async Task ExpectSharesAsync(ProtocolVersion version, Security security)
    {
        var topic = Unique.Name("clients/shared");
        string[] payloads = [.. Enumerable.Range(1, 10).Select(number => $"{number}")];
        await using var one = await Client.SubscribeAsync(Connect(version, security), $"$share/group/{topic}", QualityOfService.AtLeastOnce, until: 100);
        await using var other = await Client.SubscribeAsync(Connect(version, security), $"$share/group/{topic}", QualityOfService.AtLeastOnce, until: 100);

        await Client.PublishAsync(Connect(version, security), new Outgoing(topic, QualityOfService.AtLeastOnce, Retain: false, payloads));

        await Eventually.HoldsAsync(() => Task.FromResult(one.Received.Count + other.Received.Count >= 10), Deadline.ForPrograms);
        one.Received.Should().NotBeEmpty();
        other.Received.Should().NotBeEmpty();
        one.Received.Concat(other.Received).Select(message => message.Payload).Should().BeEquivalentTo(payloads);
    }

    private Connection Connect(ProtocolVersion version, Security security) =>
        new(broker.Endpoint, version, security, Unique.Name("client"));
}
