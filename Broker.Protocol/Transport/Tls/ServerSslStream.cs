using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Broker.Protocol.Transport.Tls;

/// <summary>
/// The stream inside DotNetty's TlsHandler. The handler only knows how to authenticate with a certificate and three
/// flags; this one puts the listener's whole policy in their place.
/// </summary>
internal sealed class ServerSslStream(Stream inner, TlsContext context) : SslStream(inner, leaveInnerStreamOpen: true)
{
    /// <summary>What the client proved to hold; null before the handshake, and where it showed none.</summary>
    public X509Certificate2? ClientCertificate =>
        context.Mode == ClientCertificateMode.None ? null : RemoteCertificate as X509Certificate2;

    /// <summary>
    /// False where a certificate is required and none was seen: what the handshake itself refuses, save for a session
    /// resumed from another listener.
    /// </summary>
    public bool IsAdmitted => context.Mode != ClientCertificateMode.Required || ClientCertificate is not null;

    public override Task AuthenticateAsServerAsync(
        X509Certificate serverCertificate,
        bool clientCertificateRequired,
        SslProtocols enabledSslProtocols,
        bool checkCertificateRevocation) => AuthenticateAsServerAsync(context.CreateOptions());
}
