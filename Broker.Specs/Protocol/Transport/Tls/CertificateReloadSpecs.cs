using System.Security.Cryptography.X509Certificates;
using Broker.Protocol.Transport;
using Microsoft.Extensions.Time.Testing;

namespace Broker.Specs.Protocol.Transport.Tls;

public sealed class CertificateReloadSpecs : IAsyncLifetime, IDisposable
{
    private readonly TestCertificates _certificates = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly X509Certificate2 _first;
    private readonly X509Certificate2 _second;
    private readonly TlsOptions _options;
    private TestServer _server = null!;

    public CertificateReloadSpecs()
    {
        _first = _certificates.CreateServer("first");
        _second = _certificates.CreateServer("second");
        _options = new TlsOptions { CertificateFile = _certificates.WritePem("server.pem", _first) };
    }

    public async Task InitializeAsync() => _server = await TestServer.StartAsync(
        TestServer.Tcp with { Name = "tls", Type = ListenerType.Tls, Tls = _options }, _time);

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose()
    {
        _certificates.Dispose();
        _first.Dispose();
        _second.Dispose();
    }

    [Fact]
    public async Task A_changed_certificate_serves_new_connections_and_drops_nobody()
    {
        using TlsClient old = await ConnectAsync();
        RecordingHandler oldServer = _server.NextConnection();
        old.ServerCertificate.Subject.Should().Be("CN=first");

        _certificates.WritePem("server.pem", _second);
        (await ServedAsync()).Should().Be("CN=first");
        _time.Advance(_options.ReloadInterval);

        (await ServedAsync()).Should().Be("CN=second");
        _server.Loggers.Lines.Should().ContainSingle().Which.Should().Contain("serves a new certificate: CN=second");
        await old.SendAsync(Wire.Connect);
        oldServer.WaitUntil(s => s.Packets.Count == 1);
        oldServer.Send([1]);
        (await old.ReadExactlyAsync(1)).Should().Equal(1);
    }

    [Fact]
    public async Task A_half_written_file_changes_nothing_and_is_told_once()
    {
        string whole = File.ReadAllText(_certificates.WritePem("next.pem", _second));
        _certificates.Write("server.pem", whole[..(whole.Length / 2)]);

        _time.Advance(_options.ReloadInterval);
        _time.Advance(_options.ReloadInterval);

        (await ServedAsync()).Should().Be("CN=first");
        _server.Loggers.Lines.Should().ContainSingle().Which.Should().StartWith("Warning: Listener tls keeps its certificate");

        _certificates.Write("server.pem", whole);
        _time.Advance(_options.ReloadInterval);
        (await ServedAsync()).Should().Be("CN=second");
    }

    [Fact]
    public async Task A_file_that_has_gone_changes_nothing_and_is_told_once()
    {
        File.Delete(_options.CertificateFile);

        _time.Advance(_options.ReloadInterval);
        _time.Advance(_options.ReloadInterval);

        (await ServedAsync()).Should().Be("CN=first");
        _server.Loggers.Lines.Should().ContainSingle().Which.Should().Contain("there is no such file");

        _certificates.WritePem("server.pem", _second);
        _time.Advance(_options.ReloadInterval);
        (await ServedAsync()).Should().Be("CN=second");
    }

    [Fact]
    public async Task A_file_that_is_written_again_unchanged_is_not_a_change()
    {
        _certificates.WritePem("server.pem", _first);

        _time.Advance(_options.ReloadInterval);

        (await ServedAsync()).Should().Be("CN=first");
        _server.Loggers.Lines.Should().BeEmpty();
    }

    [Fact]
    public async Task A_changed_file_of_authorities_counts_for_new_connections()
    {
        string authorities = _certificates.Write("authorities.pem", _certificates.Authority.ExportCertificatePem());
        using var other = new TestCertificates("Other CA");
        await using TestServer mutual = await TestServer.StartAsync(
            TestServer.Tcp with
            {
                Name = "mutual",
                Type = ListenerType.Tls,
                Tls = _options with { ClientCertificate = ClientCertificateMode.Required, ClientCaFile = authorities },
            },
            _time);

        _certificates.Write("authorities.pem", other.Authority.ExportCertificatePem());
        _time.Advance(_options.ReloadInterval);

        using TlsClient client = await TlsClient.ConnectAsync(
            mutual.Address, _certificates.Authority, certificate: other.CreateClient("of the other"));
        mutual.NextConnection().Channel.ClientCertificate!.Subject.Should().Be("CN=of the other");
    }

    [Fact]
    public async Task A_certificate_that_is_not_valid_any_more_is_served_with_a_warning()
    {
        _time.Advance(TimeSpan.FromDays(2));
        _certificates.WritePem("server.pem", _second);

        _time.Advance(_options.ReloadInterval);

        (await ServedAsync()).Should().Be("CN=second");
        _server.Loggers.Lines.Should().Contain(line => line.StartsWith("Warning: The certificate of listener tls (CN=second) is valid"));
    }

    private Task<TlsClient> ConnectAsync() => TlsClient.ConnectAsync(_server.Address, _certificates.Authority);

    private async Task<string> ServedAsync()
    {
        using TlsClient client = await ConnectAsync();
        _server.NextConnection();
        return client.ServerCertificate.Subject;
    }
}
