using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;

namespace Broker.Specs.EndToEnd.Clients;

/// <summary>What every client must be able to do with the broker over TCP and TLS. One class of specs for each client derives from this.</summary>
public abstract class ClientScenarios(SharedBroker broker) : ClientExpectations(broker)
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

    [Theory]
    [MemberData(nameof(EveryWay))]
    public Task Receives_what_it_publishes(ProtocolVersion version, QualityOfService qos, Security security) => ExpectRoundTripAsync(version, qos, security);

    [Theory]
    [EveryVersion]
    public Task Receives_the_retained_message_after_it_was_published(ProtocolVersion version) => ExpectRetainedAsync(version, Security.None);

    [Theory]
    [EveryVersion]
    public Task Leaves_its_will_when_it_vanishes(ProtocolVersion version) => ExpectWillAsync(version, Security.None);

    [Theory]
    [EveryVersion]
    public Task Gets_what_it_missed_when_it_resumes_its_session(ProtocolVersion version) => ExpectWhatItMissedAsync(version, Security.None);

    [Theory]
    [EveryVersion]
    public Task Shares_a_subscription_with_another_client(ProtocolVersion version) => ExpectSharesAsync(version, Security.None);

    [Fact]
    public Task Shows_its_certificate_where_the_broker_asks_for_one() =>
        ExpectRoundTripAsync(ProtocolVersion.V5, QualityOfService.AtLeastOnce, Security.MutualTls);
}
