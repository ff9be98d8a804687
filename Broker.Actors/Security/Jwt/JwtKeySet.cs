using Microsoft.IdentityModel.Tokens;

namespace Broker.Actors.Security.Jwt;

/// <summary>The public keys of one state of a JWKS (RFC 7517): those that RS256 and ES256 can be checked with. Others are passed over.</summary>
public sealed class JwtKeySet
{
    /// <summary>Bits; shorter ones can be broken, and RFC 7518 section 3.3 forbids them.</summary>
    private const int ShortestRsa = 2_048;

    private readonly JsonWebKey[] _keys;

    private JwtKeySet(JsonWebKey[] keys) => _keys = keys;

    internal int Count => _keys.Length;

    /// <summary>Looks at a file before anything is started: what is wrong and what to do; null: it is usable.</summary>
    public static string? Problem(string path)
    {
        try
        {
            Read(path);
            return null;
        }
        catch (JwtKeysException problem)
        {
            return problem.Message;
        }
    }

    /// <exception cref="JwtKeysException">It cannot be read, or has no key that can be used.</exception>
    internal static JwtKeySet Read(string path)
    {
        try
        {
            return Parse(path, File.ReadAllText(path));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new JwtKeysException($"{path}: it cannot be read: {problem.Message}", problem);
        }
    }

    /// <exception cref="JwtKeysException">It has no key that can be used.</exception>
    internal static JwtKeySet Parse(string source, string json)
    {
        JsonWebKey[] keys;
        try
        {
            keys = [.. new JsonWebKeySet(json).Keys.Where(IsUsable)];
        }
        catch (Exception problem) when (problem is ArgumentException or FormatException or System.Text.Json.JsonException)
        {
            throw new JwtKeysException($"{source}: it is no JWKS (RFC 7517): {problem.Message}", problem);
        }

        return keys.Length > 0 ? new JwtKeySet(keys)
            : throw new JwtKeysException($"{source}: it has no key for RS256 (RSA of {ShortestRsa} bits or more) or ES256 (P-256).");
    }

    /// <summary>The keys that a token may be signed with.</summary>
    /// <param name="keyId">As the token names it; empty: it does not, and any may be.</param>
    internal IReadOnlyList<SecurityKey> Find(string? keyId) =>
        string.IsNullOrEmpty(keyId) ? _keys : [.. _keys.Where(key => key.Kid == keyId)];

    private static bool IsUsable(JsonWebKey key) =>
        key.Use is null or "" or "sig"
        && ((key.Kty == JsonWebAlgorithmsKeyTypes.RSA && key.Alg is null or "" or SecurityAlgorithms.RsaSha256 && key.KeySize >= ShortestRsa)
            || (key.Kty == JsonWebAlgorithmsKeyTypes.EllipticCurve && key.Crv == JsonWebKeyECTypes.P256 && key.Alg is null or "" or SecurityAlgorithms.EcdsaSha256));
}
