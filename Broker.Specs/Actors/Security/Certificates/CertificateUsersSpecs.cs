using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Broker.Actors.Hosting;
using Broker.Actors.Security;
using Broker.Actors.Security.Certificates;
using Broker.Protocol.Packets;

namespace Broker.Specs.Actors.Security.Certificates;

public sealed class CertificateUsersSpecs : IDisposable
{
    private readonly X509Certificate2 _certificate = Certificate(
        "OU=sensors+CN=multi, CN=device 7, O=Example, CN=gateway",
        names =>
        {
            names.AddIpAddress(IPAddress.Loopback);
            names.AddUri(new Uri("urn:device:7"));
            names.AddDnsName("device7.example.com");
            names.AddDnsName("other.example.com");
            names.AddEmailAddress("device7@example.com");
        });

    public void Dispose() => _certificate.Dispose();

    [Theory]
    [InlineData(CertificateName.Dns, "device7.example.com")]
    [InlineData(CertificateName.Email, "device7@example.com")]
    [InlineData(CertificateName.Uri, "urn:device:7")]
    public async Task Knows_a_client_by_what_the_settings_say(CertificateName name, string expected) =>
        (await Ask(name, _certificate)).Should().Be(AuthenticationResult.Accepted(expected));

    [Fact]
    public async Task The_common_name_is_the_most_specific()
    {
        using var certificate = Certificate("CN=device 7, O=Example", static _ => { });

        (await Ask(CertificateName.CommonName, certificate)).Should().Be(AuthenticationResult.Accepted("device 7"));
        (await Ask(CertificateName.Subject, certificate)).Should().Be(AuthenticationResult.Accepted("CN=device 7, O=Example"));
    }

    [Theory]
    [InlineData(CertificateName.CommonName)]
    [InlineData(CertificateName.Dns)]
    [InlineData(CertificateName.Subject)]
    public async Task Leaves_a_certificate_without_the_name_to_others(CertificateName name)
    {
        using var certificate = Certificate("", static _ => { });

        (await Ask(name, certificate)).Should().BeNull();
    }

    [Fact]
    public async Task Leaves_who_shows_none_to_others() => (await Ask(CertificateName.CommonName, null)).Should().BeNull();

    [Fact]
    public async Task An_extension_that_cannot_be_read_is_no_name()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509Extension("2.5.29.17", [0x30, 0x05, 0x82, 0x7F], critical: false));
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));

        (await Ask(CertificateName.Dns, certificate)).Should().BeNull();
    }

    [Theory]
    [InlineData("device7.example.com", ReasonCode.Success)]
    [InlineData("another", ReasonCode.ClientIdentifierNotValid)]
    public async Task The_client_id_may_have_to_be_the_name(string clientId, ReasonCode expected)
    {
        var users = new CertificateUsers(new CertificateUsersOptions { UserName = CertificateName.Dns, ClientIdMustMatch = true });

        (await users.AuthenticateAsync(Request(_certificate, clientId)))!.Value.ReasonCode.Should().Be(expected);
    }

    private static async Task<AuthenticationResult?> Ask(CertificateName name, X509Certificate2? certificate) =>
        await new CertificateUsers(new CertificateUsersOptions { UserName = name }).AuthenticateAsync(Request(certificate, "c"));

    private static AuthenticationRequest Request(X509Certificate2? certificate, string clientId) =>
        new(clientId, "somebody else", null, certificate, new IPEndPoint(IPAddress.Loopback, 1));

    private static X509Certificate2 Certificate(string subject, Action<SubjectAlternativeNameBuilder> names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        var builder = new SubjectAlternativeNameBuilder();
        names(builder);
        request.CertificateExtensions.Add(builder.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));
    }
}
