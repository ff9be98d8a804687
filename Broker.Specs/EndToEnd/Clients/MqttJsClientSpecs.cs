using Broker.Specs.EndToEnd.Harness;

namespace Broker.Specs.EndToEnd.Clients;

public class MqttJsClientSpecs(SharedBroker broker) : WebSocketClientScenarios(broker)
{
    private protected override IClientUnderTest Client { get; } = new ScriptedClient("node", "js", "client.js");
}
