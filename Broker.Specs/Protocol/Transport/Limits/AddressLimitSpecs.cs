using System.Net.Sockets;
using Broker.Protocol.Transport;
using Broker.Specs.Protocol.Transport.Proxy;

namespace Broker.Specs.Protocol.Transport.Limits;

/// <summary>How many connections of an address a node takes, over real sockets.</summary>
public sealed class AddressLimitSpecs : IDisposable
{
    private const int Most = 3;

    private readonly TestCertificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Theory]
    [InlineData(ListenerType.Tcp, TransportKind.Epoll)]
    [InlineData(ListenerType.Tcp, TransportKind.Sockets)]
    [InlineData(ListenerType.Tls, TransportKind.Epoll)]
    [InlineData(ListenerType.Ws, TransportKind.Epoll)]
    [InlineData(ListenerType.Wss, TransportKind.Epoll)]
    public async Task One_too_many_is_closed_before_it_says_anything_and_told_of_once(ListenerType type, TransportKind transport)
    {
        await using TestServer server = await TestServer.StartAsync(_certificates.Listener(type), transport: transport, connectionsPerAddress: Most);
        Socket[] clients = [.. Enumerable.Range(0, Most + 2).Select(_ => server.ConnectSocket())];

        // Which two it is, is nobody's business: they may be looked at in any order.
        SpinWait.SpinUntil(() => clients.Count(HasEnded) == 2, RecordingHandler.Patience).Should().BeTrue();
        clients.Where(HasEnded).Should().OnlyContain(client => IsClosed(client));
        server.Loggers.Lines.Where(line => line.StartsWith("Warning", StringComparison.Ordinal)).Should().ContainSingle()
            .Which.Should().Contain("has 3 connections, as many as mqtt.limits.max-connections-per-address allows");
        server.Transport.Refusals.OverAddressLimit.Should().Be(2);
        clients.First(client => !HasEnded(client)).Dispose();
        SpinWait.SpinUntil(() => IsServed(server), RecordingHandler.Patience).Should().BeTrue("there is room again");
    }

    [Fact]
    public async Task Behind_a_proxy_it_is_the_clients_address_that_counts()
    {
        ListenerOptions options = TestServer.Tcp with { ProxyProtocol = ProxyProtocolMode.Required, ProxyTrusted = [System.Net.IPNetwork.Parse("127.0.0.1/32")] };
        await using TestServer server = await TestServer.StartAsync(options, connectionsPerAddress: 1);

        for (int client = 1; client <= 20; client++)
        {
            server.ConnectSocket().Send(ProxyBytes.Text($"PROXY TCP4 192.0.2.{client} 198.51.100.1 1 2"));
            server.NextConnection();
        }

        Socket second = server.ConnectSocket();
        second.Send([.. ProxyBytes.Text("PROXY TCP4 192.0.2.7 198.51.100.1 2 2"), .. Wire.Connect]);
        IsClosed(second).Should().BeTrue();
        SpinWait.SpinUntil(() => server.Transport.ConnectionCount == 20, RecordingHandler.Patience).Should().BeTrue();
    }

    // A connection that is refused ends at once; one that is taken stays silent.
    private static bool IsServed(TestServer server)
    {
        Socket client = server.ConnectSocket();
        bool isServed = !client.Poll(TimeSpan.FromMilliseconds(100), SelectMode.SelectRead);
        client.Dispose();
        return isServed;
    }

    private static bool HasEnded(Socket client) => client.Poll(TimeSpan.Zero, SelectMode.SelectRead);

    private static bool IsClosed(Socket client)
    {
        try
        {
            return client.Receive(new byte[1]) == 0;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
        {
            return true;
        }
    }
}
