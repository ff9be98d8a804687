using Broker.Specs.EndToEnd.Harness;

namespace Broker.Specs.EndToEnd.Clients;

public class MosquittoClientSpecs(SharedBroker broker) : ClientScenarios(broker)
{
    private protected override IClientUnderTest Client { get; } = new MosquittoClient();
}
