using System.Security.Cryptography;
using System.Text;

namespace Broker.Node.Management.Access;

/// <summary>The configured tokens, for looking up one that is shown. How long that takes says nothing of any of them.</summary>
internal sealed class TokenTable(IEnumerable<ManagementToken> tokens)
{
    private readonly (byte[] Hash, ManagementRole Role)[] _tokens = [.. tokens.Select(static token => (Hash(token.Token), token.Role))];

    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => _tokens.Length == 0;

    /// <summary>What the holder may do; null: it is none of ours.</summary>
    public ManagementRole? Find(string token)
    {
        var shown = Hash(token);
        ManagementRole? role = null;
        foreach (var known in _tokens)
        {
            // All of them are compared, each in constant time, and hashes have one length.
            if (CryptographicOperations.FixedTimeEquals(known.Hash, shown))
            {
                role = known.Role;
            }
        }

        return role;
    }

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
