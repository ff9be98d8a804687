using System.Text;
using Broker.Actors.Hosting;
using Broker.Protocol.Packets;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Broker.Actors.Security.Jwt;

/// <summary>
/// Knows clients by a token (JWT, RFC 7519) in the password of CONNECT, signed by RS256 or ES256, whose keys are public: nothing here can make one. The user is whom the token
/// names, whatever the user name of CONNECT, and the connection ends with the token.
/// </summary>
internal sealed class JwtUsers(JwtOptions options, JwtKeys keys, TimeProvider time) : IAuthenticationProvider, IDisposable
{
    /// <summary>Bytes. Entra ID's have two or three thousand.</summary>
    private const int LargestToken = 16 * 1024;

    private static readonly string[] Algorithms = [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.EcdsaSha256];
    private static readonly AuthenticationResult Refused = new(ReasonCode.BadUserNameOrPassword);

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = LargestToken };

    /// <inheritdoc/>
    public ValueTask<AuthenticationResult?> AuthenticateAsync(AuthenticationRequest request) =>
        Read(request.Password) is { } token ? new ValueTask<AuthenticationResult?>(Task.Run(() => CheckAsync(token))) : default;

    /// <inheritdoc/>
    public void Dispose() => keys.Dispose();

    /// <summary>Null: it is no token, but perhaps somebody else's password.</summary>
    private JsonWebToken? Read(ReadOnlyMemory<byte>? password)
    {
        if (password is not { Length: > 0 and <= LargestToken } bytes || bytes.Span.Count((byte)'.') != 2)
        {
            return null;
        }

        try
        {
            return _handler.ReadJsonWebToken(Encoding.UTF8.GetString(bytes.Span));
        }
        catch (Exception problem) when (problem is ArgumentException or SecurityTokenException)
        {
            return null;
        }
    }

    private async Task<AuthenticationResult?> CheckAsync(JsonWebToken token)
    {
        if (!Algorithms.Contains(token.Alg))
        {
            return Refused;
        }

        if (await keys.FindAsync(token.Kid).ConfigureAwait(false) is not { } known)
        {
            return new AuthenticationResult(ReasonCode.ServerUnavailable);
        }

        var candidates = known.Find(token.Kid);
        var result = await _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidAlgorithms = Algorithms,
            IssuerSigningKeyResolver = (_, _, _, _) => candidates,
            ValidIssuer = options.Issuer,
            ValidAudience = options.Audience,
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            LifetimeValidator = IsValidNow,
        }).ConfigureAwait(false);
        return result.IsValid && UserName(token) is { } userName
            ? AuthenticationResult.Accepted(userName, Roles(token)) with { ExpiresAt = End(token.ValidTo) }
            : Refused;
    }

    private bool IsValidNow(DateTime? notBefore, DateTime? expires, SecurityToken token, TokenValidationParameters parameters)
    {
        var now = time.GetUtcNow();
        return expires is { } end && now < End(end) && (notBefore is not { } start || now >= new DateTimeOffset(start, TimeSpan.Zero) - options.Leeway);
    }

    private DateTimeOffset End(DateTime expires) =>
        DateTime.MaxValue - expires > options.Leeway ? new DateTimeOffset(expires, TimeSpan.Zero) + options.Leeway : DateTimeOffset.MaxValue;

    private string? UserName(JsonWebToken token) =>
        token.TryGetPayloadValue<string>(options.UserNameClaim, out var userName) && userName.Length > 0 ? userName : null;

    private string[] Roles(JsonWebToken token) =>
        [.. token.Claims.Where(claim => claim.Type == options.RolesClaim).SelectMany(static claim => claim.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
}
