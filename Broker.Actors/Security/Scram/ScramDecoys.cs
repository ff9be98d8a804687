using System.Security.Cryptography;
using System.Text;

namespace Broker.Actors.Security.Scram;

/// <summary>
/// Verifiers for users that do not exist (RFC 5802, section 9): always the same salt for the same name, with the iterations that others have, on every node that has
/// the same users.
/// </summary>
internal sealed class ScramDecoys
{
    private readonly byte[] _key;
    private readonly int _iterations;

    /// <param name="model">A user that stays, whose keys nobody knows; null: there is none.</param>
    public ScramDecoys(ScramVerifier? model)
    {
        _key = model is null ? RandomNumberGenerator.GetBytes(ScramVerifier.KeySize) : HMACSHA256.HashData(model.ServerKey, "Decoys"u8);
        _iterations = model?.Iterations ?? ScramVerifier.DefaultIterations;
    }

    private ScramDecoys(byte[] key)
    {
        _key = key;
        _iterations = ScramVerifier.DefaultIterations;
    }

    /// <param name="secret">The same on every node that has the same users; nobody else knows it.</param>
    public static ScramDecoys Keyed(string secret) => new(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), "Decoys"u8));

    public ScramVerifier Of(string userName) => new(
        _iterations,
        HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(userName))[..ScramVerifier.SaltSize],
        RandomNumberGenerator.GetBytes(ScramVerifier.KeySize),
        RandomNumberGenerator.GetBytes(ScramVerifier.KeySize));
}
