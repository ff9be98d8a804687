using System.Diagnostics;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Broker.Protocol.Transport;
using Broker.Protocol.Transport.Limits;
using Broker.Specs.Protocol.Transport.Tls;
using Microsoft.Extensions.Time.Testing;

namespace Broker.Specs.Protocol.Transport.Limits;

public sealed class AcceptRateSpecs : IDisposable
{
    private readonly TestCertificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Fact]
    public void A_second_of_them_at_once_then_one_after_the_other()
    {
        var time = new FakeTimeProvider();
        AcceptRate rate = AcceptRate.For(TestServer.Tcp with { MaxConnectionRate = 10 }, time)!;

        for (int i = 0; i < 10; i++)
        {
            rate.TakeOrWait().Should().Be(TimeSpan.Zero);
        }

        rate.TakeOrWait().Should().Be(TimeSpan.FromMilliseconds(100));
        time.Advance(TimeSpan.FromMilliseconds(100));
        rate.TakeOrWait().Should().Be(TimeSpan.Zero);
        rate.TakeOrWait().Should().Be(TimeSpan.FromMilliseconds(100));
        rate.GiveBack();
        rate.TakeOrWait().Should().Be(TimeSpan.Zero, "nobody had come");
    }

    [Fact]
    public void Without_a_limit_there_is_nothing_to_ask() => AcceptRate.For(TestServer.Tcp, TimeProvider.System).Should().BeNull();

    [Theory]
    [InlineData(ListenerType.Tcp, TransportKind.Epoll)]
    [InlineData(ListenerType.Tcp, TransportKind.Sockets)]
    [InlineData(ListenerType.Ws, TransportKind.Epoll)]
    [InlineData(ListenerType.Wss, TransportKind.Epoll)]
    public async Task Who_comes_faster_waits_and_is_served_all_the_same(ListenerType type, TransportKind transport)
    {
        const int PerSecond = 20;
        await using TestServer server = await TestServer.StartAsync(_certificates.Listener(type) with { MaxConnectionRate = PerSecond }, transport: transport);
        var elapsed = Stopwatch.StartNew();

        Socket[] clients = [.. Enumerable.Range(0, PerSecond + 10).Select(_ => server.ConnectSocket())];

        foreach (Socket client in clients)
        {
            await GetServedAsync(server, type, client);
        }

        elapsed.Elapsed.Should().BeGreaterThan(TimeSpan.FromMilliseconds(450), "ten more than a second's worth take half a second");
    }

    private async Task GetServedAsync(TestServer server, ListenerType type, Socket client)
    {
        if (type == ListenerType.Tcp)
        {
            client.Send(Wire.Connect);
            server.NextConnection().WaitUntil(handler => handler.Packets.Count == 1);
            return;
        }

        await using Stream stream = type == ListenerType.Wss ? new SslStream(new NetworkStream(client)) : new NetworkStream(client);
        if (stream is SslStream tls)
        {
            await tls.AuthenticateAsClientAsync(TlsClient.Options(_certificates.Authority, SslProtocols.Tls13));
        }

        await stream.WriteAsync(Encoding.ASCII.GetBytes(Wire.Upgrade));
        server.NextConnection();
    }
}
