using System.Net.Sockets;
using Broker.Protocol.Packets;
using Broker.Specs.Cluster.Harness;
using static Broker.Protocol.Packets.ProtocolVersion;

namespace Broker.Specs.Cluster;

/// <summary>A load balancer that only tries to connect must notice a node that drains (<c>mqtt.drain.tcp-probe</c>).</summary>
[Collection(ClusterCollection.Name)]
public class TcpProbeSpecs
{
    [Fact]
    public async Task The_listeners_close_when_the_wait_begins_and_clients_stay_until_it_is_over()
    {
        await using var cluster = await TestCluster.CreateAsync(2, withNetwork: false, "mqtt.drain.tcp-probe=on", "mqtt.drain.wait=5s");
        await cluster.MakeWholeAsync();
        var leaving = cluster.Nodes[1];
        await using var client = await leaving.Endpoint.ConnectAsync(V5);

        leaving.Terminate();

        await cluster.UntilAsync(async () => !await IsOpenAsync(leaving), "its listener should be closed");
        (await client.AnswersAsync()).Should().BeTrue("those who are connected are served until the load balancer has noticed");
        await client.ExpectDisconnectAsync(ReasonCode.UseAnotherServer);
        (await leaving.WaitForExitAsync()).Should().Be(0);
    }

    private static async Task<bool> IsOpenAsync(ClusterNode node)
    {
        using var probe = new TcpClient();
        try
        {
            await probe.ConnectAsync(node.Endpoint.Host, node.Endpoint.Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
