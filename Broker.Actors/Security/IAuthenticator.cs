using System.Net;
using System.Security.Cryptography.X509Certificates;
using Broker.Protocol.Packets;

namespace Broker.Actors.Security;

/// <summary>Decides who may connect.</summary>
internal interface IAuthenticator
{
    /// <summary>
    /// Answers Success, or the reason code for CONNACK. Called on the connection's event loop, which must not be blocked; the answer may come on any thread.
    /// </summary>
    ValueTask<ReasonCode> AuthenticateAsync(AuthenticationRequest request);
}

/// <summary>Who wants to connect, and what they show for it.</summary>
/// <param name="ClientId">As sent, or assigned.</param>
/// <param name="UserName">Null where none was sent.</param>
/// <param name="Password">Null where none was sent.</param>
/// <param name="ClientCertificate">Already checked against the listener's authorities; null where none was shown.</param>
/// <param name="RemoteAddress">The client's own.</param>
internal sealed record AuthenticationRequest(
    string ClientId,
    string? UserName,
    ReadOnlyMemory<byte>? Password,
    X509Certificate2? ClientCertificate,
    EndPoint RemoteAddress);
