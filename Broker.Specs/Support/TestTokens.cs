using System.Security.Cryptography;
using Broker.Actors.Hosting;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Broker.Specs.Support;

/// <summary>Issues tokens, as Entra ID and the like do.</summary>
internal sealed class TestTokens : IDisposable
{
    public const string Issuer = "https://issuer.example.com/v2.0";
    public const string Audience = "mqtt";

    private readonly RSA _rsa = RSA.Create(2_048);
    private readonly ECDsa _elliptic = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <param name="name">Of its keys: NAME-rsa and NAME-ec.</param>
    public TestTokens(string name = "a")
    {
        Rsa = new RsaSecurityKey(_rsa) { KeyId = name + "-rsa" };
        Elliptic = new ECDsaSecurityKey(_elliptic) { KeyId = name + "-ec" };
    }

    public RsaSecurityKey Rsa { get; }

    public ECDsaSecurityKey Elliptic { get; }

    /// <summary>What verifies them; with a symmetric key that must count for nothing.</summary>
    public string Jwks => $$"""{"keys":[{{Public(_rsa)}},{{Public(_elliptic)}},{"kty":"oct","kid":"shared","k":"{{Base64UrlEncoder.Encode(Shared.Key)}}"}]}""";

    public static SymmetricSecurityKey Shared { get; } = new(new byte[32]) { KeyId = "shared" };

    /// <summary>What a token says where the spec says nothing else.</summary>
    public static JwtOptions Options(string keys, string caFile = "") => new() { Keys = keys, CaFile = caFile, Issuer = Issuer, Audience = Audience };

    public string Rs256(DateTimeOffset now, Action<SecurityTokenDescriptor>? change = null) => Issue(now, new SigningCredentials(Rsa, SecurityAlgorithms.RsaSha256), change);

    public string Es256(DateTimeOffset now, Action<SecurityTokenDescriptor>? change = null) => Issue(now, new SigningCredentials(Elliptic, SecurityAlgorithms.EcdsaSha256), change);

    public static string Issue(DateTimeOffset now, SigningCredentials? credentials, Action<SecurityTokenDescriptor>? change = null)
    {
        var token = new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = Audience,
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = now.AddMinutes(10).UtcDateTime,
            SigningCredentials = credentials,
            Claims = new Dictionary<string, object> { ["sub"] = "alice", ["roles"] = new[] { "operator", "viewer" } },
        };
        change?.Invoke(token);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(token);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _rsa.Dispose();
        _elliptic.Dispose();
    }

    private string Public(RSA rsa)
    {
        var key = rsa.ExportParameters(includePrivateParameters: false);
        return $$"""{"kty":"RSA","use":"sig","kid":"{{Rsa.KeyId}}","n":"{{Base64UrlEncoder.Encode(key.Modulus)}}","e":"{{Base64UrlEncoder.Encode(key.Exponent)}}"}""";
    }

    private string Public(ECDsa elliptic)
    {
        var key = elliptic.ExportParameters(includePrivateParameters: false);
        return $$"""{"kty":"EC","crv":"P-256","kid":"{{Elliptic.KeyId}}","alg":"ES256","x":"{{Base64UrlEncoder.Encode(key.Q.X)}}","y":"{{Base64UrlEncoder.Encode(key.Q.Y)}}"}""";
    }
}
