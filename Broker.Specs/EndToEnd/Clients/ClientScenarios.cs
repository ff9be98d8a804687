using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;

namespace Broker.Specs.EndToEnd.Clients;

/// <summary>What every client must be able to do with the broker. One class of specs for each client derives from this.</summary>
public abstract class ClientScenarios(SharedBroker broker) : IClassFixture<SharedBroker>
{
    public static TheoryData<ProtocolVersion, QualityOfService, Security> EveryWay
    {
        get
        {
            var ways = new TheoryData<ProtocolVersion, QualityOfService, Security>();
            foreach (var version in (ProtocolVersion[])[ProtocolVersion.V311, ProtocolVersion.V5])
            {
                foreach (var qos in Enum.GetValues<QualityOfService>())
                {
                    ways.Add(version, qos, Security.None);
                    ways.Add(version, qos, Security.Tls);
                }
            }

            return ways;
        }
    }

    private protected abstract IClientUnderTest Client { get; }

    [Theory]
    [MemberData(nameof(EveryWay))]
    public async Task Receives_what_it_publishes(ProtocolVersion version, QualityOfService qos, Security security)
    {
        var topic = Unique.Name("clients/round-trip");
        string[] payloads = ["first", "the second, with spaces and ünïcödé", "{\"third\": 3}"];
        await using var subscriber = await Client.SubscribeAsync(Connect(version, security), topic, qos, until: payloads.Length);

        await Client.PublishAsync(Connect(version, security), new Outgoing(topic, qos, Retain: false, payloads));

        await subscriber.EndAsync();
        subscriber.Received.Should().Equal(payloads.Select(payload => new Incoming(topic, payload, qos, Retain: false)));
    }

    [Theory]
    [EveryVersion]
    public async Task Receives_the_retained_message_after_it_was_published(ProtocolVersion version)
    {
        var topic = Unique.Name("clients/retained");
        await Client.PublishAsync(Connect(version), new Outgoing(topic, QualityOfService.AtLeastOnce, Retain: true, "old", "new"));

        await using var subscriber = await Client.SubscribeAsync(Connect(version), topic, QualityOfService.AtLeastOnce, until: 1);

        await subscriber.EndAsync();
        subscriber.Received.Should().Equal(new Incoming(topic, "new", QualityOfService.AtLeastOnce, Retain: true));
    }

    [Theory]
    [EveryVersion]
    public async Task Leaves_its_will_when_it_vanishes(ProtocolVersion version)
    {
        var topic = Unique.Name("clients/will");
        await using var witness = await Client.SubscribeAsync(Connect(version), topic, QualityOfService.AtLeastOnce, until: 1);
        var mortal = Connect(version) with { Will = new Will(topic, "gone") };
        await using var vanishing = await Client.SubscribeAsync(mortal, Unique.Name("clients/other"), QualityOfService.AtMostOnce, until: 1);

        await vanishing.KillAsync();

        await witness.EndAsync();
        witness.Received.Should().Equal(new Incoming(topic, "gone", QualityOfService.AtLeastOnce, Retain: false));
    }

    [Theory]
    [EveryVersion]
    public async Task Gets_what_it_missed_when_it_resumes_its_session(ProtocolVersion version)
    {
        var topic = Unique.Name("clients/missed");
        var persistent = Connect(version) with { Persistent = true };
        await using (var first = await Client.SubscribeAsync(persistent, topic, QualityOfService.ExactlyOnce, until: 0))
        {
            await first.EndAsync();
        }

        await Client.PublishAsync(Connect(version), new Outgoing(topic, QualityOfService.ExactlyOnce, Retain: false, "1", "2", "3"));
        await using var again = await Client.SubscribeAsync(persistent, topic, QualityOfService.ExactlyOnce, until: 3);

        await again.EndAsync();
        again.Received.Select(message => message.Payload).Should().Equal("1", "2", "3");
    }

    [Theory]
    [EveryVersion]
    public async Task Shares_a_subscription_with_another_client(ProtocolVersion version)
    {
        var topic = Unique.Name("clients/shared");
        string[] payloads = [.. Enumerable.Range(1, 10).Select(number => $"{number}")];
        await using var one = await Client.SubscribeAsync(Connect(version), $"$share/group/{topic}", QualityOfService.AtLeastOnce, until: 100);
        await using var other = await Client.SubscribeAsync(Connect(version), $"$share/group/{topic}", QualityOfService.AtLeastOnce, until: 100);

        await Client.PublishAsync(Connect(version), new Outgoing(topic, QualityOfService.AtLeastOnce, Retain: false, payloads));

        await Eventually.HoldsAsync(() => Task.FromResult(one.Received.Count + other.Received.Count >= 10), Deadline.ForPrograms);
        one.Received.Should().NotBeEmpty();
        other.Received.Should().NotBeEmpty();
        one.Received.Concat(other.Received).Select(message => message.Payload).Should().BeEquivalentTo(payloads);
    }

    [Fact]
    public async Task Shows_its_certificate_where_the_broker_asks_for_one()
    {
        var topic = Unique.Name("clients/mutual");
        var connection = Connect(ProtocolVersion.V5, Security.MutualTls);
        await using var subscriber = await Client.SubscribeAsync(connection, topic, QualityOfService.AtLeastOnce, until: 1);

        await Client.PublishAsync(Connect(ProtocolVersion.V5, Security.MutualTls), new Outgoing(topic, QualityOfService.AtLeastOnce, Retain: false, "trusted"));

        await subscriber.EndAsync();
        subscriber.Received.Select(message => message.Payload).Should().Equal("trusted");
    }

    private Connection Connect(ProtocolVersion version, Security security = Security.None) =>
        new(broker.Endpoint, version, security, Unique.Name("client"));
}
