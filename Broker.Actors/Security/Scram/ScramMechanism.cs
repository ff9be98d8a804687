using System.Security.Cryptography;
using Broker.Actors.Security.Mechanisms;

namespace Broker.Actors.Security.Scram;

/// <summary>SCRAM-SHA-256 (RFC 5802, RFC 7677), without channel binding.</summary>
internal sealed class ScramMechanism : IAuthenticationMechanism
{
    /// <summary>As IANA registered it.</summary>
    public const string MethodName = "SCRAM-SHA-256";

    private const int NonceSize = 18;

    private readonly IScramVerifiers _users;
    private readonly Func<string> _nonce;

    public ScramMechanism(IScramVerifiers users)
        : this(users, static () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(NonceSize)))
    {
    }

    /// <param name="users">Who may be proved to be.</param>
    /// <param name="nonce">The server's part of a nonce: printable, without a comma, never the same twice.</param>
    internal ScramMechanism(IScramVerifiers users, Func<string> nonce)
    {
        _users = users;
        _nonce = nonce;
    }

    /// <inheritdoc/>
    public string Name => MethodName;

    /// <inheritdoc/>
    public IAuthenticationExchange Start(AuthenticationRequest request) => new ScramExchange(_users, _nonce());
}
