using System.Security.Cryptography;
using System.Text;

namespace Broker.Actors.Security.Scram;

/// <summary>
/// What a server keeps of a password for SCRAM-SHA-256 (RFC 5802, section 3; RFC 7677): enough to check a proof, not enough to make one.
/// </summary>
/// <param name="Iterations">Of PBKDF2.</param>
/// <param name="Salt">Of PBKDF2; not secret.</param>
/// <param name="StoredKey">32 bytes.</param>
/// <param name="ServerKey">32 bytes: who has it can pass for the server.</param>
internal sealed record ScramVerifier(int Iterations, byte[] Salt, byte[] StoredKey, byte[] ServerKey)
{
    /// <summary>Bytes of SHA-256, and so of every key and proof.</summary>
    public const int KeySize = SHA256.HashSizeInBytes;

    /// <summary>For new passwords. RFC 7677 asks for 4,096 at least; the work is the client's.</summary>
    public const int DefaultIterations = 16_384;

    /// <summary>Bytes of a new salt.</summary>
    public const int SaltSize = 16;

    /// <summary>Of a password with a salt of its own.</summary>
    public static ScramVerifier Of(string password) => Of(password, RandomNumberGenerator.GetBytes(SaltSize), DefaultIterations);

    /// <param name="password">Prepared by SASLprep.</param>
    /// <param name="salt">Of its own.</param>
    /// <param name="iterations">1 and up.</param>
    public static ScramVerifier Of(string password, byte[] salt, int iterations)
    {
        var salted = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, iterations, HashAlgorithmName.SHA256, KeySize);
        var clientKey = HMACSHA256.HashData(salted, "Client Key"u8);
        return new ScramVerifier(iterations, salt, SHA256.HashData(clientKey), HMACSHA256.HashData(salted, "Server Key"u8));
    }

    /// <summary>Whether the client has the password; the time it takes tells nothing of how wrong the proof is.</summary>
    public bool Verify(byte[] proof, byte[] authMessage)
    {
        var clientKey = HMACSHA256.HashData(StoredKey, authMessage);
        for (var i = 0; i < clientKey.Length; i++)
        {
            clientKey[i] ^= proof[i];
        }

        return CryptographicOperations.FixedTimeEquals(SHA256.HashData(clientKey), StoredKey);
    }

    /// <summary>What shows the client that the server knows it.</summary>
    public byte[] Sign(byte[] authMessage) => HMACSHA256.HashData(ServerKey, authMessage);
}
