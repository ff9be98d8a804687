using Broker.Specs.EndToEnd.Harness;

namespace Broker.Specs.EndToEnd.Clients;

public class MqttNetClientSpecs(SharedBroker broker) : WebSocketClientScenarios(broker)
{
    private protected override IClientUnderTest Client { get; } = new MqttNetClient();
}
