using System.Net.Security;
using System.Net.Sockets;
using Broker.Protocol.Transport;
using Broker.Specs.Protocol.Transport.Tls;

namespace Broker.Specs.Protocol.Transport.WebSockets;

/// <summary>What a listener of type wss tells of TLS, which Kestrel does for it.</summary>
public sealed class HandshakeSpecs : IDisposable
{
    private readonly TestCertificates _certificates = new();
    private readonly ListenerOptions _options;

    public HandshakeSpecs() => _options = TestServer.Tcp with
    {
        Name = "wss",
        Type = ListenerType.Wss,
        Tls = new TlsOptions
        {
            CertificateFile = _certificates.WritePem("server.pem", _certificates.CreateServer()),
            ClientCertificate = ClientCertificateMode.Required,
            ClientCaFile = _certificates.CaFile,
        },
    };

    public void Dispose() => _certificates.Dispose();

    [Fact]
    public async Task A_client_without_TLS_is_refused_with_one_line()
    {
        await using TestServer server = await TestServer.StartAsync(_options);

        server.ConnectSocket().Send(Wire.Connect);

        IsTold(server);
    }

    [Fact]
    public async Task A_client_without_certificate_is_refused_with_one_line()
    {
        await using TestServer server = await TestServer.StartAsync(_options);

        Func<Task> use = async () =>
        {
            using TlsClient client = await TlsClient.ConnectAsync(server.Address, _certificates.Authority);
            await client.ReadExactlyAsync(1);
        };

        await use.Should().ThrowAsync<Exception>();
        IsTold(server);
    }

    [Fact]
    public async Task A_handshake_that_does_not_end_is_ended_with_one_line()
    {
        await using TestServer server = await TestServer.StartAsync(_options with { Tls = _options.Tls! with { HandshakeTimeout = TimeSpan.FromMilliseconds(100) } });
        Socket client = server.ConnectSocket();

        client.Send([0x16, 0x03, 0x01]);

        client.ReadToEnd().Should().BeEmpty();
        IsTold(server).Should().EndWith("it was not complete in time");
    }

    [Fact]
    public async Task A_probe_that_only_connects_makes_no_noise()
    {
        await using TestServer server = await TestServer.StartAsync(_options);
        server.ConnectSocket().Close();

        using TlsClient client = await TlsClient.ConnectAsync(server.Address, _certificates.Authority, certificate: _certificates.CreateClient("alice"));
        await client.SendAsync("GET /other HTTP/1.1\r\nHost: broker\r\n\r\n"u8.ToArray());
        await client.ReadExactlyAsync(1);

        Lines(server).Should().BeEmpty();
    }

    private static string IsTold(TestServer server)
    {
        SpinWait.SpinUntil(() => Lines(server).Any(), RecordingHandler.Patience).Should().BeTrue();
        string line = Lines(server).Should().ContainSingle().Subject;
        line.Should().StartWith("Information: TLS handshake with 127.0.0.1:").And.Contain("on listener wss failed: ");
        return line;
    }

    // Without what Kestrel tells where nobody turns it off, as the node does.
    private static IEnumerable<string> Lines(TestServer server) => server.Loggers.Lines.Where(line =>
        !line.StartsWith("Information: Now listening on", StringComparison.Ordinal) && !line.StartsWith("Information: Request ", StringComparison.Ordinal));
}
