using Broker.Specs.EndToEnd.Harness;

namespace Broker.Specs.EndToEnd.Clients;

public class PahoPythonClientSpecs(SharedBroker broker) : WebSocketClientScenarios(broker)
{
    // Debian's own interpreter: python3-paho-mqtt belongs to it, and another Python may come first on the path.
    private protected override IClientUnderTest Client { get; } = new ScriptedClient("/usr/bin/python3", "python", "client.py");
}
