using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Broker.Protocol.Transport.Tls;

/// <summary>.NET's TLS of one connection, and what the listener's policy makes of who is there.</summary>
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
}
