using System.Net.Sockets;
using Broker.Specs.EndToEnd.Harness;
using static Broker.Protocol.Packets.ProtocolVersion;

namespace Broker.Specs.EndToEnd.Management;

/// <summary>A load balancer's probe that only connects.</summary>
public sealed class ProbeSpecs(OwnBroker own) : IClassFixture<OwnBroker>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_leaves_no_line_in_the_log(bool withReset)
    {
        var broker = own.Process.Endpoint;

        // Behind those with the listeners' addresses: a node is ready before all of its first lines are read.
        await own.Process.WaitForLineAsync("Management:");
        var before = Lines(broker);
        foreach (var port in (int[])[broker.Port, broker.TlsPort, broker.WebSocketPort, broker.SecureWebSocketPort])
        {
            using var probe = new TcpClient();
            await probe.ConnectAsync(broker.Host, port);
            if (withReset)
            {
                probe.LingerState = new LingerOption(enable: true, seconds: 0);
            }
        }

        // Once the broker has seen them all: the listeners tell how many connections they have.
        (await Eventually.HoldsAsync(async () => !(await own.Http.GetStringAsync(new Uri("/api/v1/listeners", UriKind.Relative))).Contains("\"connections\":1"), Deadline.ForPackets)).Should().BeTrue();
        var clientId = Unique.Name("after");
        await using (await broker.ConnectAsync(V5, clientId))
        {
            await own.Process.WaitForLineAsync(clientId);
        }

        // The other case must not take it for its own.
        await own.Process.WaitForLineAsync($"Disconnected {clientId}");

        // Every line about a connection has its address.
        Lines(broker).Except(before).Where(line => line.Contains("127.0.0.1:")).Should().OnlyContain(line => line.Contains(clientId)).And.NotBeEmpty();
    }

    private static string[] Lines(BrokerEndpoint broker) => broker.Transcript().Split('\n');
}
