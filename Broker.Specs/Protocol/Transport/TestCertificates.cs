using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Broker.Protocol.Transport;

namespace Broker.Specs.Protocol.Transport;

/// <summary>
/// A certificate authority for specs, with files in a directory of its own that goes with it. Everything it makes is valid
/// for a day; nothing is installed on the machine.
/// </summary>
internal sealed class TestCertificates : IDisposable
{
    public const string Password = "spec-password";

    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private static readonly DateTimeOffset From = DateTimeOffset.UtcNow.AddMinutes(-5);
    private static readonly DateTimeOffset To = DateTimeOffset.UtcNow.AddDays(1);

    public TestCertificates(string name = "Spec CA")
    {
        Directory = System.IO.Directory.CreateTempSubdirectory("mqtt-specs-").FullName;
        Authority = CreateAuthority(name, issuer: null);
        CaFile = Write("ca.pem", Authority.ExportCertificatePem());
    }

    /// <summary>Where the files are.</summary>
    public string Directory { get; }

    /// <summary>The self-signed root, with its key.</summary>
    public X509Certificate2 Authority { get; }

    /// <summary>PEM of <see cref="Authority"/>.</summary>
    public string CaFile { get; }

    /// <summary>A listener of any type, on loopback, with a certificate where it needs one.</summary>
    public ListenerOptions Listener(ListenerType type) => TestServer.Tcp with
    {
        Type = type,
        Tls = type is ListenerType.Tls or ListenerType.Wss ? new TlsOptions { CertificateFile = WritePem("server.pem", CreateServer()) } : null,
    };

    /// <summary>A certificate for localhost, 127.0.0.1 and ::1, with its key.</summary>
    public X509Certificate2 CreateServer(string name = "localhost", X509Certificate2? issuer = null) =>
        Create(name, ServerAuthentication, issuer ?? Authority, From, To, isServer: true);

    /// <summary>A client's certificate with the common name given, with its key.</summary>
    public X509Certificate2 CreateClient(string name = "spec-client", X509Certificate2? issuer = null) =>
        Create(name, ClientAuthentication, issuer ?? Authority, From, To, isServer: false);

    /// <summary>A client's certificate that was valid until yesterday.</summary>
    public X509Certificate2 CreateExpiredClient(string name = "spec-client") =>
        Create(name, ClientAuthentication, Authority, From.AddMinutes(-5), From, isServer: false);

    /// <summary>An authority below the root.</summary>
    public X509Certificate2 CreateIntermediate(string name = "Spec Intermediate CA") => CreateAuthority(name, Authority);

    /// <summary>Certificate, then chain, then the key, in one PEM file.</summary>
    public string WritePem(string file, X509Certificate2 certificate, params X509Certificate2[] chain) =>
        Write(file, Chain(certificate, chain) + KeyPem(certificate));

    /// <summary>Certificate and chain without the key.</summary>
    public string WriteCertificate(string file, X509Certificate2 certificate, params X509Certificate2[] chain) =>
        Write(file, Chain(certificate, chain));

    /// <summary>The key alone, PKCS#8, encrypted where a password is given.</summary>
    public string WriteKey(string file, X509Certificate2 certificate, string? password = null) =>
        Write(file, KeyPem(certificate, password));

    /// <summary>Certificate, key and chain as PKCS#12.</summary>
    public string WritePfx(string file, X509Certificate2 certificate, string? password = Password, params X509Certificate2[] chain)
    {
        var all = new X509Certificate2Collection(certificate);
        foreach (X509Certificate2 link in chain)
        {
            all.Add(X509CertificateLoader.LoadCertificate(link.RawData));
        }

        string path = Path.Combine(Directory, file);
        File.WriteAllBytes(path, all.Export(X509ContentType.Pkcs12, password)!);
        return path;
    }

    public string Write(string file, string text)
    {
        string path = Path.Combine(Directory, file);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose()
    {
        Authority.Dispose();
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    private static string Chain(X509Certificate2 certificate, X509Certificate2[] chain) =>
        string.Concat(chain.Prepend(certificate).Select(c => c.ExportCertificatePem() + "\n"));

    private static string KeyPem(X509Certificate2 certificate, string? password = null)
    {
        using ECDsa key = certificate.GetECDsaPrivateKey()!;
        return password is null
            ? key.ExportPkcs8PrivateKeyPem() + "\n"
            : key.ExportEncryptedPkcs8PrivateKeyPem(password, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 10_000));
    }

    private static X509Certificate2 CreateAuthority(string name, X509Certificate2? issuer)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = Request(name, key);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        if (issuer is null)
        {
            return request.CreateSelfSigned(From.AddHours(-1), To.AddHours(1));
        }

        using X509Certificate2 certificate = request.Create(issuer, From.AddMinutes(-30), To.AddMinutes(30), SerialNumber());
        return certificate.CopyWithPrivateKey(key);
    }

    private static X509Certificate2 Create(
        string name, string usage, X509Certificate2 issuer, DateTimeOffset from, DateTimeOffset to, bool isServer)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = Request(name, key);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        if (isServer)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName("localhost");
            names.AddIpAddress(IPAddress.Loopback);
            names.AddIpAddress(IPAddress.IPv6Loopback);
            request.CertificateExtensions.Add(names.Build());
        }

        using X509Certificate2 certificate = request.Create(issuer, from, to, SerialNumber());
        return certificate.CopyWithPrivateKey(key);
    }

    private static CertificateRequest Request(string name, ECDsa key)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request;
    }

    private static byte[] SerialNumber() => RandomNumberGenerator.GetBytes(12);
}
