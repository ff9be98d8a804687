using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Broker.Protocol.Transport;

namespace Broker.Specs.Protocol.Transport.Tls;

public sealed class ClientCertificateSpecs : IDisposable
{
    private readonly TestCertificates _certificates = new();
    private readonly TestCertificates _foreign = new("Spec CA");
    private readonly string _serverFile;

    public ClientCertificateSpecs() => _serverFile = _certificates.WritePem("server.pem", _certificates.CreateServer());

    public static TheoryData<SslProtocols> Versions => new(SslProtocols.Tls12, SslProtocols.Tls13);

    public void Dispose()
    {
        _certificates.Dispose();
        _foreign.Dispose();
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_valid_certificate_is_seen_where_one_is_required(SslProtocols version) =>
        await Admits(ClientCertificateMode.Required, version, _certificates.CreateClient("alice"), "CN=alice");

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_valid_certificate_is_seen_where_it_is_optional(SslProtocols version) =>
        await Admits(ClientCertificateMode.Optional, version, _certificates.CreateClient("alice"), "CN=alice");

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task No_certificate_is_needed_where_it_is_optional(SslProtocols version) =>
        await Admits(ClientCertificateMode.Optional, version, null, null);

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_certificate_is_neither_asked_for_nor_seen_without_client_certificates(SslProtocols version) =>
        await Admits(ClientCertificateMode.None, version, _foreign.CreateClient(), null);

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_missing_certificate_is_refused_where_one_is_required(SslProtocols version) =>
        await Refuses(ClientCertificateMode.Required, version, null);

    [Theory]
    [InlineData(ClientCertificateMode.Required, SslProtocols.Tls12)]
    [InlineData(ClientCertificateMode.Required, SslProtocols.Tls13)]
    [InlineData(ClientCertificateMode.Optional, SslProtocols.Tls12)]
    [InlineData(ClientCertificateMode.Optional, SslProtocols.Tls13)]
    public async Task A_certificate_of_another_authority_is_refused(ClientCertificateMode mode, SslProtocols version) =>
        await Refuses(mode, version, _foreign.CreateClient());

    [Theory]
    [InlineData(ClientCertificateMode.Required, SslProtocols.Tls12)]
    [InlineData(ClientCertificateMode.Required, SslProtocols.Tls13)]
    [InlineData(ClientCertificateMode.Optional, SslProtocols.Tls12)]
    [InlineData(ClientCertificateMode.Optional, SslProtocols.Tls13)]
    public async Task An_expired_certificate_is_refused(ClientCertificateMode mode, SslProtocols version) =>
        await Refuses(mode, version, _certificates.CreateExpiredClient());

    [Fact]
    public async Task A_certificate_for_servers_is_refused() =>
        await Refuses(ClientCertificateMode.Required, SslProtocols.Tls13, _certificates.CreateServer());

    [Fact]
    public async Task The_authorities_of_the_system_do_not_count_where_a_file_is_given_and_the_file_does_not_count_otherwise()
    {
        await using TestServer server = await StartAsync(new TlsOptions
        {
            CertificateFile = _serverFile,
            ClientCertificate = ClientCertificateMode.Required,
        });

        await IsRefused(server, SslProtocols.Tls13, _certificates.CreateClient());
    }

    [Fact]
    public async Task A_certificate_below_an_intermediate_that_the_client_sends_is_valid()
    {
        using X509Certificate2 intermediate = _certificates.CreateIntermediate();
        await using TestServer server = await StartAsync(Options(ClientCertificateMode.Required));
        using TlsClient client = await TlsClient.ConnectAsync(
            server.Address, _certificates.Authority, SslProtocols.Tls13, _certificates.CreateClient("below", intermediate), [intermediate]);

        server.NextConnection().Channel.ClientCertificate!.Subject.Should().Be("CN=below");
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_session_made_without_a_certificate_does_not_open_a_listener_that_requires_one(SslProtocols version)
    {
        await using TestServer open = await StartAsync(Options(ClientCertificateMode.None));
        await using TestServer mutual = await StartAsync(Options(ClientCertificateMode.Required));
        for (int i = 0; i < 3; i++)
        {
            // TLS 1.3 tickets come after the handshake: read something to take them in.
            using TlsClient client = await TlsClient.ConnectAsync(open.Address, _certificates.Authority, version);
            open.NextConnection().Send([1]);
            await client.ReadExactlyAsync(1);
        }

        await IsRefused(mutual, version, null);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_client_that_comes_again_shows_its_certificate_again(SslProtocols version)
    {
        await using TestServer server = await StartAsync(Options(ClientCertificateMode.Required));
        X509Certificate2 certificate = _certificates.CreateClient("again");
        for (int i = 0; i < 3; i++)
        {
            using TlsClient client = await TlsClient.ConnectAsync(server.Address, _certificates.Authority, version, certificate);
            RecordingHandler connection = server.NextConnection();
            connection.Channel.ClientCertificate!.Subject.Should().Be("CN=again");
            connection.Send([1]);
            await client.ReadExactlyAsync(1);
        }
    }

    // The client has ended its part of the handshake, and goes on, while its certificate is being checked on another thread.
    [Fact]
    public async Task What_comes_while_a_certificate_is_checked_waits()
    {
        using X509Certificate2 certificate = _certificates.CreateClient("alice");
        await using TestServer server = await StartAsync(Options(ClientCertificateMode.Required));
        for (int i = 0; i < 50; i++)
        {
            using TlsClient client = await TlsClient.ConnectAsync(server.Address, _certificates.Authority, certificate: certificate);
            await client.SendAsync(Wire.Connect);
            await client.SendAsync(Wire.Ping);
            await client.SendAsync(Wire.Ping);

            server.NextConnection().WaitUntil(s => s.Packets.Count == 3);
        }

        server.Loggers.Lines.Should().BeEmpty();
    }

    private async Task Admits(ClientCertificateMode mode, SslProtocols version, X509Certificate2? certificate, string? seen)
    {
        await using TestServer server = await StartAsync(Options(mode));
        using TlsClient client = await TlsClient.ConnectAsync(server.Address, _certificates.Authority, version, certificate);
        await client.SendAsync(Wire.Connect);

        RecordingHandler connection = server.NextConnection();
        connection.WaitUntil(s => s.Packets.Count == 1);
        connection.Channel.ClientCertificate?.Subject.Should().Be(seen);
        (connection.Channel.ClientCertificate is null).Should().Be(seen is null);
    }

    private async Task Refuses(ClientCertificateMode mode, SslProtocols version, X509Certificate2? certificate)
    {
        await using TestServer server = await StartAsync(Options(mode));
        await IsRefused(server, version, certificate);
    }

    // A TLS 1.3 client has ended its own handshake before the server has looked at its certificate: it learns by reading.
    private async Task IsRefused(TestServer server, SslProtocols version, X509Certificate2? certificate)
    {
        Func<Task> use = async () =>
        {
            using TlsClient client = await TlsClient.ConnectAsync(server.Address, _certificates.Authority, version, certificate);
            await client.ReadExactlyAsync(1);
        };

        await use.Should().ThrowAsync<Exception>().Where(e => e is AuthenticationException || e is IOException);
        SpinWait.SpinUntil(() => server.Transport.ConnectionCount == 0, RecordingHandler.Patience).Should().BeTrue();
        server.HasConnection.Should().BeFalse();
        server.Loggers.Lines.Should().ContainSingle().Which.Should().StartWith("Information: TLS handshake with");
    }

    private TlsOptions Options(ClientCertificateMode mode) => new()
    {
        CertificateFile = _serverFile,
        ClientCertificate = mode,
        ClientCaFile = _certificates.CaFile,
    };

    private static Task<TestServer> StartAsync(TlsOptions tls) => TestServer.StartAsync(new ListenerOptions
    {
        Name = "tls",
        Type = ListenerType.Tls,
        Enabled = true,
        Host = "127.0.0.1",
        Tls = tls,
    });
}
