using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Broker.Protocol.Transport.Tls;

/// <summary>One loaded state of a listener's certificate files. New connections take the latest; older ones keep theirs.</summary>
internal sealed class TlsContext(
    SslStreamCertificateContext certificate, X509Certificate2Collection? clientAuthorities, ClientCertificateMode mode, bool allowTls12)
{
    private static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");

    private readonly SslProtocols _protocols = allowTls12 ? SslProtocols.Tls12 | SslProtocols.Tls13 : SslProtocols.Tls13;

    /// <summary>The certificate that clients see.</summary>
    public X509Certificate2 Certificate => certificate.TargetCertificate;

    /// <summary>Whether clients show one.</summary>
    public ClientCertificateMode Mode { get; } = mode;

    /// <summary>For one connection: the chain policy in it must not be shared.</summary>
    public SslServerAuthenticationOptions CreateOptions()
    {
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = certificate,
            EnabledSslProtocols = _protocols,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            AllowRenegotiation = false,
        };
        if (Mode == ClientCertificateMode.None)
        {
            return options;
        }

        // A resumed session shows no certificate of its own: every client proves again that it holds the key, and a
        // session made on a listener that asks for none is worth nothing here.
        options.AllowTlsResume = false;
        options.ClientCertificateRequired = true;
        options.CertificateChainPolicy = CreateChainPolicy();
        options.RemoteCertificateValidationCallback = Mode == ClientCertificateMode.Required ? RequireValid : RefuseInvalid;
        return options;
    }

    private static bool RequireValid(object sender, X509Certificate? client, X509Chain? chain, SslPolicyErrors errors) =>
        client is not null && errors == SslPolicyErrors.None;

    private static bool RefuseInvalid(object sender, X509Certificate? client, X509Chain? chain, SslPolicyErrors errors) =>
        client is null || errors == SslPolicyErrors.None;

    private X509ChainPolicy CreateChainPolicy()
    {
        // No downloads: a client's certificate must not make the event loop wait for an address that it names.
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        policy.ApplicationPolicy.Add(ClientAuthentication);
        if (clientAuthorities is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(clientAuthorities);
        }

        return policy;
    }
}
