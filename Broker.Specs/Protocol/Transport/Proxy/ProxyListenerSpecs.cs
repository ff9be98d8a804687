using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Broker.Protocol.Packets;
using Broker.Protocol.Transport;
using Broker.Specs.Protocol.Transport.Tls;

namespace Broker.Specs.Protocol.Transport.Proxy;

/// <summary>PROXY headers before TCP, TLS and WebSockets, over real sockets.</summary>
public abstract class ProxyListenerSpecs(TransportKind transport) : IDisposable
{
    private static readonly IPEndPoint Client = IPEndPoint.Parse("203.0.113.9:40000");
    private static readonly byte[] Header = ProxyBytes.Binary(Client, ProxyBytes.AzureLink(77));

    private static readonly ListenerOptions Required = TestServer.Tcp with
    {
        ProxyProtocol = ProxyProtocolMode.Required,
        ProxyTrusted = [IPNetwork.Parse("127.0.0.0/8")],
    };

    private static readonly ListenerOptions OfStrangers = Required with { ProxyTrusted = [IPNetwork.Parse("10.0.0.0/8")] };

    private readonly TestCertificates _certificates = new();

    public void Dispose()
    {
        _certificates.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task The_client_behind_the_proxy_is_the_one_who_is_shown(int piece)
    {
        await using TestServer server = await StartAsync(Required);
        Socket client = server.ConnectSocket();

        foreach (byte[] bytes in Wire.Join(Header, Wire.Connect, Wire.Ping).Chunk(piece))
        {
            client.Send(bytes);
        }

        RecordingHandler connection = server.NextConnection();
        connection.WaitUntil(handler => handler.Packets.Count == 2);
        connection.Channel.RemoteAddress.ToString().Should().Be("203.0.113.9:40000 (Private Link 77)");
        connection.Channel.BytesReceived.Should().Be(Wire.Connect.Length + Wire.Ping.Length);
        server.Loggers.Lines.Should().BeEmpty();
    }

    [Fact]
    public async Task It_comes_before_TLS()
    {
        await using TestServer server = await StartAsync(OverTls(Required));
        Socket client = server.ConnectSocket();
        client.Send(Header);
        await using var stream = new SslStream(new NetworkStream(client));
        await stream.AuthenticateAsClientAsync(TlsClient.Options(_certificates.Authority, SslProtocols.Tls13));
        await stream.WriteAsync(Wire.Connect);

        RecordingHandler connection = server.NextConnection();
        connection.WaitUntil(handler => handler.Packets.Count == 1);
        connection.Channel.RemoteAddress.Should().BeAssignableTo<IPEndPoint>().Which.Address.Should().Be(Client.Address);
    }

    [Fact]
    public async Task A_handshake_behind_it_has_its_time_and_is_told_of_with_the_real_address()
    {
        ListenerOptions options = OverTls(Required);
        await using TestServer server = await StartAsync(options with { Tls = options.Tls! with { HandshakeTimeout = TimeSpan.FromMilliseconds(100) } });
        Socket client = server.ConnectSocket();

        client.Send([.. Header, 0x16, 0x03]);

        client.ReadToEnd().Should().BeEmpty();
        IsTold(server).Should().Be("Information: TLS handshake with 203.0.113.9:40000 (Private Link 77) on listener tls failed: it was not complete in time");
    }

    [Fact]
    public async Task It_comes_before_HTTP()
    {
        await using TestServer server = await StartAsync(Required with { Name = "ws", Type = ListenerType.Ws });
        Socket client = server.ConnectSocket();

        client.Send(Header[..20]);
        client.Send([.. Header[20..], .. Encoding.ASCII.GetBytes(Wire.Upgrade)]);

        server.NextConnection().Channel.RemoteAddress.ToString().Should().Be("203.0.113.9:40000 (Private Link 77)");
    }

    [Fact]
    public async Task A_health_check_is_served_as_what_it_is()
    {
        await using TestServer server = await StartAsync(Required);
        Socket client = server.ConnectSocket();

        client.Send([.. ProxyBytes.Local(), .. Wire.Connect]);

        RecordingHandler connection = server.NextConnection();
        connection.WaitUntil(handler => handler.Packets.Count == 1);
        connection.Channel.RemoteAddress.Should().Be(client.LocalEndPoint);
    }

    [Theory]
    [InlineData(ListenerType.Tcp)]
    [InlineData(ListenerType.Tls)]
    [InlineData(ListenerType.Ws)]
    public async Task A_probe_leaves_no_line(ListenerType type)
    {
        await using TestServer server = await StartAsync(Of(type, Required));
        foreach (byte[] sent in (byte[][])[[], ProxyBytes.Local(), Header])
        {
            Socket probe = server.ConnectSocket();
            probe.Send(sent);
            probe.Shutdown(SocketShutdown.Send);
            probe.ReadToEnd().Should().BeEmpty();
        }

        Lines(server).Should().BeEmpty();
        server.Transport.Refusals.BadProxyHeaders.Should().Be(0);
    }

    [Theory]
    [InlineData(ListenerType.Tcp, false)]
    [InlineData(ListenerType.Tls, false)]
    [InlineData(ListenerType.Ws, false)]
    [InlineData(ListenerType.Tcp, true)]
    [InlineData(ListenerType.Ws, true)]
    public async Task What_is_no_header_or_a_malformed_one_ends_the_connection_with_one_line(ListenerType type, bool isMalformed)
    {
        await using TestServer server = await StartAsync(Of(type, Required));
        Socket client = server.ConnectSocket();

        client.Send(isMalformed ? ProxyBytes.Text("PROXY TCP4 nonsense") : Wire.Connect);

        IsClosed(client).Should().BeTrue();
        IsTold(server).Should().Match(isMalformed ? "Warning: Refused 127.0.0.1:* its PROXY header (version 1) has not *" : "Warning: Refused 127.0.0.1:* it begins with no PROXY header");
        server.HasConnection.Should().BeFalse();
        server.Transport.Refusals.BadProxyHeaders.Should().Be(1);
    }

    [Theory]
    [InlineData(ListenerType.Tcp)]
    [InlineData(ListenerType.Ws)]
    public async Task Nobody_else_may_send_one(ListenerType type)
    {
        await using TestServer server = await StartAsync(Of(type, OfStrangers with { ProxyProtocol = ProxyProtocolMode.Optional }));
        Socket client = server.ConnectSocket();

        client.Send(Header);

        IsClosed(client).Should().BeTrue();
        IsTold(server).Should().EndWith("proxy-trusted does not name it, and it sends a PROXY header");
    }

    [Fact]
    public async Task Where_it_is_optional_others_connect_without_it()
    {
        await using TestServer server = await StartAsync(OfStrangers with { ProxyProtocol = ProxyProtocolMode.Optional });
        Socket client = server.ConnectSocket();

        client.Send(Wire.Connect);

        RecordingHandler connection = server.NextConnection();
        connection.WaitUntil(handler => handler.Packets.Count == 1);
        connection.Channel.RemoteAddress.Should().Be(client.LocalEndPoint);
    }

    [Fact]
    public async Task What_only_looked_like_the_beginning_of_one_is_not_lost()
    {
        await using TestServer server = await StartAsync(Required with { ProxyProtocol = ProxyProtocolMode.Optional });
        Socket client = server.ConnectSocket();
        client.Send("P"u8);
        SpinWait.SpinUntil(() => server.Transport.ConnectionCount == 1, RecordingHandler.Patience).Should().BeTrue();

        client.Send(Wire.Connect);

        RecordingHandler connection = server.NextConnection();
        connection.WaitUntil(handler => handler.Problem is not null);
        connection.Problem!.ReasonCode.Should().Be(ReasonCode.ProtocolError);
    }

    [Theory]
    [InlineData(ListenerType.Tcp)]
    [InlineData(ListenerType.Ws)]
    public async Task One_that_takes_too_long_ends_the_connection_with_one_line(ListenerType type)
    {
        await using TestServer server = await StartAsync(Of(type, Required), connectTimeout: TimeSpan.FromMilliseconds(100));
        Socket silent = server.ConnectSocket();
        Socket slow = server.ConnectSocket();

        slow.Send(Header[..20]);

        IsClosed(slow).Should().BeTrue();
        IsClosed(silent).Should().BeTrue();
        IsTold(server).Should().EndWith("its PROXY header was not complete within 00:00:00.1000000 (mqtt.limits.connect-timeout)");
    }

    private Task<TestServer> StartAsync(ListenerOptions options, TimeSpan? connectTimeout = null) =>
        TestServer.StartAsync(options, transport: transport, connectTimeout: connectTimeout);

    private ListenerOptions Of(ListenerType type, ListenerOptions options) =>
        type == ListenerType.Tls ? OverTls(options) : options with { Type = type };

    private ListenerOptions OverTls(ListenerOptions options) => options with
    {
        Name = "tls",
        Type = ListenerType.Tls,
        Tls = new TlsOptions { CertificateFile = _certificates.WritePem("server.pem", _certificates.CreateServer()) },
    };

    private static string IsTold(TestServer server)
    {
        SpinWait.SpinUntil(() => Lines(server).Any(), RecordingHandler.Patience).Should().BeTrue();
        return Lines(server).Should().ContainSingle().Which;
    }

    // Without Kestrel's own of its start.
    private static IEnumerable<string> Lines(TestServer server) => server.Loggers.Lines.Where(line => !line.Contains("listening", StringComparison.Ordinal));

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

public sealed class EpollProxyListenerSpecs() : ProxyListenerSpecs(TransportKind.Epoll);

public sealed class SocketsProxyListenerSpecs() : ProxyListenerSpecs(TransportKind.Sockets);
