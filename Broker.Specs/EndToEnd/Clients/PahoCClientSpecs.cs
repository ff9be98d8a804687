using Broker.Specs.EndToEnd.Harness;

namespace Broker.Specs.EndToEnd.Clients;

public class PahoCClientSpecs(SharedBroker broker, PahoCProgram program) : WebSocketClientScenarios(broker), IClassFixture<PahoCProgram>
{
    private protected override IClientUnderTest Client { get; } = program.Client;
}
