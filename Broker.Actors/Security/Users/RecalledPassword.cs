using System.Security.Cryptography;
using System.Text;

namespace Broker.Actors.Security.Users;

/// <summary>
/// The password that was last right, as a keyed hash: thousands of clients that come back at once do not cost Argon2 each. Nothing of it is stored, and the key is
/// never the same in two processes. Any thread.
/// </summary>
internal sealed class RecalledPassword
{
    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(32);

    private volatile byte[]? _lastRight;

    /// <summary>Whether the password was right before; false: nobody knows yet.</summary>
    public bool Recalls(string password) => _lastRight is { } last && CryptographicOperations.FixedTimeEquals(last, Hash(password));

    /// <summary>The password is right.</summary>
    public void Remember(string password) => _lastRight = Hash(password);

    private static byte[] Hash(string password) => HMACSHA256.HashData(Key, Encoding.UTF8.GetBytes(password));
}
