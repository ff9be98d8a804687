using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Broker.Protocol.Transport;

namespace Broker.Specs.Protocol.Transport.Tls;

public sealed class CertificateFilesSpecs : IDisposable
{
    private readonly TestCertificates _certificates = new();
    private readonly X509Certificate2 _server;

    public CertificateFilesSpecs() => _server = _certificates.CreateServer();

    public void Dispose()
    {
        _server.Dispose();
        _certificates.Dispose();
    }

    [Fact]
    public async Task A_PEM_file_with_the_key_in_it_is_served() =>
        await Serves(new TlsOptions { CertificateFile = _certificates.WritePem("all.pem", _server) });

    [Fact]
    public async Task A_PEM_file_with_the_key_beside_it_is_served() => await Serves(new TlsOptions
    {
        CertificateFile = _certificates.WriteCertificate("cert.pem", _server),
        KeyFile = _certificates.WriteKey("key.pem", _server),
    });

    [Fact]
    public async Task An_encrypted_key_is_served() => await Serves(new TlsOptions
    {
        CertificateFile = _certificates.WriteCertificate("cert.pem", _server),
        KeyFile = _certificates.WriteKey("key.pem", _server, TestCertificates.Password),
        Password = TestCertificates.Password,
    });

    [Fact]
    public async Task An_RSA_key_in_its_traditional_form_is_served()
    {
        using RSA key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 own = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddDays(1));
        string file = _certificates.Write("rsa.pem", own.ExportCertificatePem() + "\n" + key.ExportRSAPrivateKeyPem());

        await Serves(new TlsOptions { CertificateFile = file }, own);
    }

    [Fact]
    public async Task A_PFX_with_a_password_is_served() => await Serves(new TlsOptions
    {
        CertificateFile = _certificates.WritePfx("server.pfx", _server),
        Password = TestCertificates.Password,
    });

    [Fact]
    public async Task A_PFX_without_a_password_is_served() =>
        await Serves(new TlsOptions { CertificateFile = _certificates.WritePfx("server.pfx", _server, null) });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_chain_in_the_file_is_sent(bool pfx)
    {
        using X509Certificate2 intermediate = _certificates.CreateIntermediate();
        using X509Certificate2 below = _certificates.CreateServer("localhost", intermediate);

        await Serves(new TlsOptions
        {
            CertificateFile = pfx
                ? _certificates.WritePfx("chain.pfx", below, TestCertificates.Password, intermediate)
                : _certificates.WritePem("chain.pem", below, intermediate),
            Password = TestCertificates.Password,
        });
    }

    [Fact]
    public async Task A_missing_file_is_told() => await Fails(
        new TlsOptions { CertificateFile = "/no/such/file.pem" },
        "mqtt.listeners.tls.tls.certificate-file = \"/no/such/file.pem\": there is no such file.");

    [Fact]
    public async Task A_missing_key_file_is_told() => await Fails(
        new TlsOptions { CertificateFile = _certificates.WriteCertificate("cert.pem", _server), KeyFile = "/no/key.pem" },
        "mqtt.listeners.tls.tls.key-file = \"/no/key.pem\": there is no such file.");

    [Fact]
    public async Task A_certificate_without_its_key_is_told() => await Fails(
        new TlsOptions { CertificateFile = _certificates.WriteCertificate("cert.pem", _server) },
        "mqtt.listeners.tls.tls.certificate-file = \"*cert.pem\": it holds no private key*key-file*");

    [Fact]
    public async Task A_key_of_another_certificate_is_told() => await Fails(
        new TlsOptions
        {
            CertificateFile = _certificates.WriteCertificate("cert.pem", _server),
            KeyFile = _certificates.WriteKey("key.pem", _certificates.CreateServer()),
        },
        "mqtt.listeners.tls.tls.key-file = \"*key.pem\": the key cannot be read, or does not belong to the certificate*");

    [Fact]
    public async Task An_encrypted_key_without_a_password_is_told() => await Fails(
        new TlsOptions
        {
            CertificateFile = _certificates.WriteCertificate("cert.pem", _server),
            KeyFile = _certificates.WriteKey("key.pem", _server, TestCertificates.Password),
        },
        "mqtt.listeners.tls.tls.key-file = \"*key.pem\": the key is encrypted and tls.password is not set.");

    [Fact]
    public async Task A_wrong_password_is_told() => await Fails(
        new TlsOptions { CertificateFile = _certificates.WritePfx("server.pfx", _server), Password = "wrong" },
        "mqtt.listeners.tls.tls.certificate-file = \"*server.pfx\": it is neither PEM nor a PFX that tls.password opens*");

    [Fact]
    public async Task A_wrong_password_of_a_key_is_told() => await Fails(
        new TlsOptions
        {
            CertificateFile = _certificates.WriteCertificate("cert.pem", _server),
            KeyFile = _certificates.WriteKey("key.pem", _server, TestCertificates.Password),
            Password = "wrong",
        },
        "mqtt.listeners.tls.tls.key-file = \"*key.pem\": the key cannot be decrypted with tls.password*");

    [Fact]
    public async Task Garbage_is_told() => await Fails(
        new TlsOptions { CertificateFile = _certificates.Write("garbage", "nothing of the kind") },
        "mqtt.listeners.tls.tls.certificate-file = \"*garbage\": it is neither PEM nor a PFX*");

    [Fact]
    public async Task A_damaged_certificate_is_told() => await Fails(
        new TlsOptions
        {
            CertificateFile = _certificates.Write(
                "damaged.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" + _server.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()),
        },
        "mqtt.listeners.tls.tls.certificate-file = \"*damaged.pem\": a certificate in it is damaged*");

    [Fact]
    public async Task A_file_of_authorities_without_one_is_told() => await Fails(
        new TlsOptions
        {
            CertificateFile = _certificates.WritePem("all.pem", _server),
            ClientCertificate = ClientCertificateMode.Required,
            ClientCaFile = _certificates.Write("ca-empty.pem", "# none yet"),
        },
        "mqtt.listeners.tls.tls.client-ca-file = \"*ca-empty.pem\": it holds no certificate*");

    [Fact]
    public async Task A_listener_without_a_certificate_is_told() =>
        await Fails(null, "mqtt.listeners.tls.tls.certificate-file: a listener of type tls or wss needs a certificate.");

    private static ListenerOptions Listener(TlsOptions? tls) =>
        TestServer.Tcp with { Name = "tls", Type = ListenerType.Tls, Tls = tls };

    private static async Task Fails(TlsOptions? tls, string message)
    {
        Func<Task> start = () => TestServer.StartAsync(Listener(tls));

        await start.Should().ThrowAsync<ListenerException>().WithMessage(message);
    }

    private async Task Serves(TlsOptions tls, X509Certificate2? trusted = null)
    {
        await using TestServer server = await TestServer.StartAsync(Listener(tls));
        using TlsClient client = await TlsClient.ConnectAsync(server.Address, trusted ?? _certificates.Authority);
        await client.SendAsync(Wire.Connect);
        server.NextConnection().WaitUntil(s => s.Packets.Count == 1);
        server.Loggers.Lines.Should().BeEmpty();
    }
}
