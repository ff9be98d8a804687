using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Broker.Actors.Clustering.Membership;

namespace Broker.Specs.Actors.Clustering.Membership;

public sealed class PortProbeSpecs
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Tells_a_port_that_listens_from_one_that_refuses()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        (await PortProbe.AskAsync(Node(port), Timeout)).Should().Be(PortAnswer.Open);

        listener.Stop();

        (await PortProbe.AskAsync(Node(port), Timeout)).Should().Be(PortAnswer.Refused);
    }

    [Fact]
    public async Task A_host_that_has_no_address_is_silent() =>
        (await PortProbe.AskAsync(new Address("akka.tcp", "mqtt", "nobody.invalid", 4053), Timeout)).Should().Be(PortAnswer.Silent);

    [Fact]
    public async Task Who_stops_need_not_wait_for_an_answer()
    {
        using var stopped = new CancellationTokenSource();
        await stopped.CancelAsync();

        var asking = () => PortProbe.AskAsync(Node(1), Timeout, stopped.Token);

        await asking.Should().ThrowAsync<OperationCanceledException>();
    }

    private static Address Node(int port) => new("akka.tcp", "mqtt", "127.0.0.1", port);
}
