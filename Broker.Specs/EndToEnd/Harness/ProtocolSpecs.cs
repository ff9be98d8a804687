using Broker.Protocol.Packets;

namespace Broker.Specs.EndToEnd.Harness;

/// <summary>What specs of the protocol on the shared broker have in common.</summary>
public abstract class ProtocolSpecs(SharedBroker shared) : IClassFixture<SharedBroker>
{
    /// <summary>The shared broker.</summary>
    private protected BrokerEndpoint Broker => shared.Endpoint;

    /// <summary>
    /// Publishes a last message and expects it to be the next that the subscriber receives: whatever was published before on this connection
    /// did not go to the subscriber.
    /// </summary>
    private protected static async Task ExpectOnlyAsync(RawClient subscriber, RawClient publisher, string topic)
    {
        await publisher.PublishAsync(topic, "the last", QualityOfService.AtLeastOnce);
        (await subscriber.ReceiveAsync()).Text().Should().Be("the last");
    }
}
