using System.Net;
using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.EndToEnd.Protocol;

/// <summary>How a broker ends.</summary>
public class ShutdownSpecs
{
    [Fact]
    public async Task Tells_MQTT_5_clients_and_exits_with_0_when_it_is_stopped()
    {
        await using var broker = await BrokerProcess.StartAsync();
        (await broker.ProbeAsync("/alive")).Should().Be(HttpStatusCode.OK);
        await using var version5 = await broker.Endpoint.ConnectAsync(V5);
        await using var version3 = await broker.Endpoint.ConnectAsync(V311);
        await using var persistent = await broker.Endpoint.ConnectPersistentAsync(V5, Unique.Name("persistent"));

        var exitCode = await broker.StopAsync();

        exitCode.Should().Be(0, "the broker printed: {0}", broker.Endpoint.Transcript());
        await version5.ExpectDisconnectAsync(ReasonCode.ServerShuttingDown);
        await version3.ExpectCloseAsync();
        await persistent.ExpectDisconnectAsync(ReasonCode.ServerShuttingDown);
    }

    [Fact]
    public async Task Starts_again_on_the_same_data_after_it_was_killed()
    {
        await using var broker = await BrokerProcess.StartAsync();
        await using var client = await broker.Endpoint.ConnectAsync(V5);
        await client.PublishAsync(Unique.Name("shutdown/killed"), "x", AtLeastOnce, retain: true);

        await broker.KillAsync();
        await client.ExpectCloseAsync();

        await using var again = await broker.StartAgainAsync();
        await using var late = await again.Endpoint.ConnectAsync(V5);
        await late.ExpectNothingAsync();
    }

    [Fact]
    public async Task Exits_with_2_and_a_line_for_people_when_its_configuration_is_wrong()
    {
        var dll = Path.Combine(AppContext.BaseDirectory, "Broker.Node.dll");
        await using var process = ChildProcess.Start("dotnet", [dll, "run", "--set", "mqtt.limits.max-subscription=3"]);

        var exitCode = await process.WaitForExitAsync(Deadline.ForBrokers);

        exitCode.Should().Be(2);
        process.Transcript().Should().Contain("max-subscriptions").And.NotContain("   at ");
    }
}
