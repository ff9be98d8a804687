using System.Net;
using Microsoft.Extensions.Logging;

namespace Broker.Protocol.Transport;

/// <summary>What the transport has to tell.</summary>
internal static partial class TransportLog
{
    [LoggerMessage(1, LogLevel.Error, "A fault while serving {Address} on listener {Listener} ended that connection")]
    public static partial void HandlerFailed(ILogger logger, string listener, EndPoint address, Exception exception);

    [LoggerMessage(2, LogLevel.Warning, "Listener {Listener} could not accept a connection: {Reason}; it goes on in {Pause}")]
    public static partial void AcceptFailed(ILogger logger, string listener, string reason, TimeSpan pause);

    [LoggerMessage(3, LogLevel.Information, "TLS handshake with {Address} on listener {Listener} failed: {Reason}")]
    public static partial void HandshakeFailed(ILogger logger, string listener, EndPoint address, string reason);

    [LoggerMessage(4, LogLevel.Information, "Listener {Listener} serves a new certificate: {Subject}, valid until {NotAfter:u}")]
    public static partial void CertificateReloaded(ILogger logger, string listener, string subject, DateTime notAfter);

    [LoggerMessage(5, LogLevel.Warning, "Listener {Listener} keeps its certificate, the changed files are not usable: {Reason}")]
    public static partial void CertificateKept(ILogger logger, string listener, string reason);

    [LoggerMessage(6, LogLevel.Warning, "The certificate of listener {Listener} ({Subject}) is valid from {NotBefore:u} to {NotAfter:u} only: clients will refuse it")]
    public static partial void CertificateNotValidNow(ILogger logger, string listener, string subject, DateTime notBefore, DateTime notAfter);

    [LoggerMessage(7, LogLevel.Warning, "{Count} connections did not close in time and were reset")]
    public static partial void Aborted(ILogger logger, int count);

    [LoggerMessage(8, LogLevel.Warning, "Refused {Address} on listener {Listener}: {Reason}")]
    public static partial void ProxyRefused(ILogger logger, EndPoint address, string listener, string reason);

    [LoggerMessage(9, LogLevel.Warning, "{Address} has {Most} connections, as many as mqtt.limits.max-connections-per-address allows: listener {Listener} refuses further ones until it has fewer")]
    public static partial void TooManyOfAddress(ILogger logger, EndPoint address, string listener, int most);
}
