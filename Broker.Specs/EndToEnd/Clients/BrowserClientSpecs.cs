using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;

namespace Broker.Specs.EndToEnd.Clients;

/// <summary>Of a browser, which has WebSocket only, and no certificate of its own unless a person picks one.</summary>
public class BrowserClientSpecs(SharedBroker broker, Browser browser) : ClientExpectations(broker), IClassFixture<Browser>
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
                    ways.Add(version, qos, Security.WebSocket);
                    ways.Add(version, qos, Security.SecureWebSocket);
                }
            }

            return ways;
        }
    }

    private protected override IClientUnderTest Client { get; } = new BrowserClient(browser);

    [Theory]
    [MemberData(nameof(EveryWay))]
    public Task Receives_what_it_publishes(ProtocolVersion version, QualityOfService qos, Security security) => ExpectRoundTripAsync(version, qos, security);

    [Theory]
    [EveryVersion]
    public Task Receives_the_retained_message(ProtocolVersion version) => ExpectRetainedAsync(version, Security.WebSocket);

    [Theory]
    [EveryVersion]
    public Task Leaves_its_will_when_its_page_is_closed(ProtocolVersion version) => ExpectWillAsync(version, Security.WebSocket);

    [Theory]
    [EveryVersion]
    public Task Gets_what_it_missed_when_it_resumes_its_session(ProtocolVersion version) => ExpectWhatItMissedAsync(version, Security.WebSocket);

    [Theory]
    [EveryVersion]
    public Task Shares_a_subscription_with_another_client(ProtocolVersion version) => ExpectSharesAsync(version, Security.WebSocket);
}
