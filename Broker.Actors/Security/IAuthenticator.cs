using System.Net;
using System.Security.Cryptography.X509Certificates;
using Broker.Protocol.Packets;

namespace Broker.Actors.Security;

/// <summary>Decides who may connect, by what CONNECT shows.</summary>
internal interface IAuthenticator
{
    /// <summary>Called on the connection's event loop, which must not be blocked; the answer may come on any thread.</summary>
    ValueTask<AuthenticationResult> AuthenticateAsync(AuthenticationRequest request);
}

/// <summary>Who wants to connect, and what they show for it.</summary>
/// <param name="ClientId">As sent, or assigned.</param>
/// <param name="UserName">Null where none was sent.</param>
/// <param name="Password">Null where none was sent.</param>
/// <param name="ClientCertificate">Already checked against the listener's authorities; null where none was shown.</param>
/// <param name="RemoteAddress">The client's own.</param>
/// <param name="Listener">The name of the listener that it came by.</param>
internal sealed record AuthenticationRequest(
    string ClientId,
    string? UserName,
    ReadOnlyMemory<byte>? Password,
    X509Certificate2? ClientCertificate,
    EndPoint RemoteAddress,
    string Listener = "");

/// <summary>Whether a client may connect, and who it is.</summary>
/// <param name="ReasonCode">Success, or what CONNACK says.</param>
/// <param name="UserName">Proved; null: the client is anonymous, whatever user name it sent.</param>
/// <param name="Roles">Of the user, for the rules about topics; null: none.</param>
/// <param name="ExpiresAt">When the connection ends, because what was shown is worth nothing any more; null: never.</param>
internal readonly record struct AuthenticationResult(
    ReasonCode ReasonCode, string? UserName = null, IReadOnlyList<string>? Roles = null, DateTimeOffset? ExpiresAt = null)
{
    /// <summary>May connect without being known.</summary>
    public static AuthenticationResult Anonymous { get; } = new(ReasonCode.Success);

    /// <summary>Has proved to be this user.</summary>
    public static AuthenticationResult Accepted(string userName, IReadOnlyList<string>? roles = null) =>
        new(ReasonCode.Success, userName, roles is { Count: > 0 } ? roles : null);
}
