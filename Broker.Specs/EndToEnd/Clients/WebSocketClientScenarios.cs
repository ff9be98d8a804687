using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;

namespace Broker.Specs.EndToEnd.Clients;

/// <summary>Of clients that know WebSocket as well.</summary>
public abstract class WebSocketClientScenarios(SharedBroker broker) : ClientScenarios(broker)
{
    [Theory]
    [InlineData(ProtocolVersion.V311, QualityOfService.AtMostOnce)]
    [InlineData(ProtocolVersion.V311, QualityOfService.AtLeastOnce)]
    [InlineData(ProtocolVersion.V311, QualityOfService.ExactlyOnce)]
    [InlineData(ProtocolVersion.V5, QualityOfService.AtMostOnce)]
    [InlineData(ProtocolVersion.V5, QualityOfService.AtLeastOnce)]
    [InlineData(ProtocolVersion.V5, QualityOfService.ExactlyOnce)]
    public Task Receives_what_it_publishes_over_WebSocket(ProtocolVersion version, QualityOfService qos) => ExpectRoundTripAsync(version, qos, Security.WebSocket);

    [Theory]
    [EveryVersion]
    public Task Receives_the_retained_message_over_WebSocket(ProtocolVersion version) => ExpectRetainedAsync(version, Security.WebSocket);

    [Theory]
    [EveryVersion]
    public Task Leaves_its_will_when_its_WebSocket_vanishes(ProtocolVersion version) => ExpectWillAsync(version, Security.WebSocket);

    [Theory]
    [EveryVersion]
    public Task Gets_what_it_missed_when_it_resumes_its_session_over_WebSocket(ProtocolVersion version) => ExpectWhatItMissedAsync(version, Security.WebSocket);

    [Theory]
    [EveryVersion]
    public Task Shares_a_subscription_with_another_client_over_WebSocket(ProtocolVersion version) => ExpectSharesAsync(version, Security.WebSocket);

    [Fact]
    public Task Shows_its_certificate_over_WebSocket() =>
        ExpectRoundTripAsync(ProtocolVersion.V5, QualityOfService.AtLeastOnce, Security.MutualWebSocket);
}
