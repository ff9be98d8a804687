using System.Net;
using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using Broker.Specs.Node.Azure;
using static Broker.Protocol.Packets.ProtocolVersion;

namespace Broker.Specs.EndToEnd.Management;

/// <summary>A node whose machine Azure is going to take away, or to freeze.</summary>
public sealed class MaintenanceSpecs : IDisposable
{
    private readonly MetadataServer _azure = new();

    [Fact]
    public async Task Its_clients_are_told_to_go_it_ends_and_the_event_is_approved()
    {
        await using var broker = await StartAsync();
        await using var client = await broker.Endpoint.ConnectAsync(V5);

        _azure.Tell(MetadataServer.Event("Terminate", TimeSpan.FromMinutes(5)));

        await client.ExpectDisconnectAsync(ReasonCode.ServerShuttingDown);
        (await _azure.Approved.WaitAsync(Deadline.ForBrokers)).Should().Contain("Terminate-1");
        (await broker.WaitForExitAsync()).Should().Be(0);
    }

    [Fact]
    public async Task It_is_not_ready_before_a_freeze_and_ready_afterwards_and_its_clients_stay()
    {
        await using var broker = await StartAsync();
        await using var client = await broker.Endpoint.ConnectAsync(V5);

        _azure.Tell(MetadataServer.Event("Freeze", TimeSpan.FromMinutes(15)));
        await broker.ExpectReadinessAsync(HttpStatusCode.ServiceUnavailable, "freeze this machine");
        (await client.AnswersAsync()).Should().BeTrue();

        _azure.Tell();
        await broker.ExpectReadinessAsync(HttpStatusCode.OK, "ready");
        (await client.AnswersAsync()).Should().BeTrue();
    }

    public void Dispose() => _azure.Dispose();

    private Task<BrokerProcess> StartAsync() => BrokerProcess.StartAsync(
        "mqtt.azure.scheduled-events=on", $"mqtt.azure.metadata-address=\"{_azure.Address}\"", "mqtt.azure.poll-interval=100ms");
}
