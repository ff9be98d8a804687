using System.Net;
using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using static Broker.Protocol.Packets.ProtocolVersion;

namespace Broker.Specs.EndToEnd.Limits;

/// <summary>A node that uses more memory than it may.</summary>
public sealed class MemorySpecs
{
    [Fact]
    public async Task It_takes_no_new_clients_and_says_so()
    {
        // Less than a node takes that has just started.
        await using var broker = await BrokerProcess.StartAsync("mqtt.limits.max-memory=32MiB");
        await broker.WaitForLineAsync("MiB of mqtt.limits.max-memory: new clients are refused");

        await using var client5 = await RawClient.OpenAsync(broker.Endpoint, V5);
        await using var client3 = await RawClient.OpenAsync(broker.Endpoint, V311);

        (await client5.AnswerToAsync(new ConnectPacket { Version = V5, ClientId = "new5" }))!.ReasonCode.Should().Be(ReasonCode.QuotaExceeded);
        (await client3.AnswerToAsync(new ConnectPacket { Version = V311, ClientId = "new3" }))!.ReasonCode.Should().Be(ReasonCode.ServerUnavailable);
        (await broker.ProbeAsync("/alive")).Should().Be(HttpStatusCode.OK);
    }
}
