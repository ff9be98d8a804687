using Broker.Actors.Hosting;
using Broker.Protocol.Packets;

namespace Broker.Actors.Security.Certificates;

/// <summary>
/// Knows clients by the certificate of their TLS handshake, which the listener has checked against its authorities. What they send in CONNECT beside it counts for nothing.
/// </summary>
internal sealed class CertificateUsers(CertificateUsersOptions options) : IAuthenticationProvider
{
    /// <inheritdoc/>
    public ValueTask<AuthenticationResult?> AuthenticateAsync(AuthenticationRequest request) => ValueTask.FromResult(Authenticate(request));

    private AuthenticationResult? Authenticate(AuthenticationRequest request) =>
        request.ClientCertificate is not { } certificate || CertificateNames.Find(certificate, options.UserName) is not { } userName ? null
        : options.ClientIdMustMatch && request.ClientId != userName ? new AuthenticationResult(ReasonCode.ClientIdentifierNotValid)
        : AuthenticationResult.Accepted(userName);
}
