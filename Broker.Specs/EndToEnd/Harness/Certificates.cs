using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Broker.Specs.EndToEnd.Harness;

/// <summary>A certificate authority with one server (localhost, 127.0.0.1) and one client, as PEM files in a folder.</summary>
internal sealed class Certificates
{
    private Certificates(string folder)
    {
        AuthorityFile = Path.Combine(folder, "authority.pem");
        ServerFile = Path.Combine(folder, "server.pem");
        ServerKeyFile = Path.Combine(folder, "server.key");
        ClientFile = Path.Combine(folder, "client.pem");
        ClientKeyFile = Path.Combine(folder, "client.key");
    }

    public string AuthorityFile { get; }

    public string ServerFile { get; }

    public string ServerKeyFile { get; }

    public string ClientFile { get; }

    public string ClientKeyFile { get; }

    /// <summary>Uses what the folder holds from an earlier call, otherwise makes it.</summary>
    public static Certificates In(string folder)
    {
        var files = new Certificates(folder);
        if (!File.Exists(files.AuthorityFile))
        {
            files.Write();
        }

        return files;
    }

    /// <summary>The authority, to verify the server with.</summary>
    public X509Certificate2 LoadAuthority() => X509CertificateLoader.LoadCertificateFromFile(AuthorityFile);

    /// <summary>The client's certificate with its private key.</summary>
    public X509Certificate2 LoadClient() => X509Certificate2.CreateFromPemFile(ClientFile, ClientKeyFile);

    private void Write()
    {
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = Request("Akka.Mqtt specs authority", authorityKey);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var now = DateTimeOffset.UtcNow;
        using var authority = request.CreateSelfSigned(now.AddHours(-2), now.AddDays(30));

        WriteSigned(authority, "localhost", ServerFile, ServerKeyFile);
        WriteSigned(authority, "specs-client", ClientFile, ClientKeyFile);
        File.WriteAllText(AuthorityFile, authority.ExportCertificatePem());
    }

    private static void WriteSigned(X509Certificate2 authority, string name, string certificateFile, string keyFile)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = Request(name, key);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));
        using var certificate = request.Create(
            authority, authority.NotBefore.AddMinutes(1), authority.NotAfter.AddMinutes(-1), RandomNumberGenerator.GetBytes(12));
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
    }

    private static CertificateRequest Request(string name, ECDsa key) => new($"CN={name}", key, HashAlgorithmName.SHA256);
}
