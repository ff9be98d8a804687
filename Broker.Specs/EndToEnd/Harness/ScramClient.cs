using System.Security.Cryptography;
using System.Text;

namespace Broker.Specs.EndToEnd.Harness;

/// <summary>The client's side of SCRAM-SHA-256 (RFC 5802, RFC 7677), written without the broker's code, which could be wrong in the same way.</summary>
internal sealed class ScramClient(string userName, string password)
{
    /// <summary>The method's name.</summary>
    public const string Method = "SCRAM-SHA-256";

    private readonly string _first = $"n,,n={userName.Replace("=", "=3D", StringComparison.Ordinal).Replace(",", "=2C", StringComparison.Ordinal)},r={Guid.NewGuid():N}";
    private string _serverSignature = "";

    /// <summary>client-first-message.</summary>
    public byte[] First => Encoding.UTF8.GetBytes(_first);

    /// <summary>client-final-message, to what the server said.</summary>
    public byte[] Final(ReadOnlyMemory<byte>? serverFirst)
    {
        (var message, _serverSignature) = Final(_first, Encoding.UTF8.GetString(serverFirst!.Value.Span), password);
        return Encoding.UTF8.GetBytes(message);
    }

    /// <summary>The server has shown that it knows the user.</summary>
    public void Check(ReadOnlyMemory<byte>? serverFinal) =>
        Encoding.UTF8.GetString(serverFinal!.Value.Span).Should().Be($"v={_serverSignature}");

    /// <summary>client-final-message, and the signature that the server will answer with.</summary>
    public static (string Message, string ServerSignature) Final(string first, string serverFirst, string password)
    {
        var header = first[..(first.IndexOf(',', first.IndexOf(',') + 1) + 1)];
        var parts = serverFirst.Split(',');
        var (nonce, salt, iterations) = (parts[0][2..], Convert.FromBase64String(parts[1][2..]), int.Parse(parts[2][2..], System.Globalization.CultureInfo.InvariantCulture));
        var withoutProof = $"c={Convert.ToBase64String(Encoding.UTF8.GetBytes(header))},r={nonce}";
        var authMessage = Encoding.UTF8.GetBytes($"{first[header.Length..]},{serverFirst},{withoutProof}");
        var salted = Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA256, 32);
        var clientKey = HMACSHA256.HashData(salted, "Client Key"u8);
        var signature = HMACSHA256.HashData(SHA256.HashData(clientKey), authMessage);
        var proof = clientKey.Zip(signature, (key, bits) => (byte)(key ^ bits)).ToArray();
        var serverSignature = HMACSHA256.HashData(HMACSHA256.HashData(salted, "Server Key"u8), authMessage);
        return ($"{withoutProof},p={Convert.ToBase64String(proof)}", Convert.ToBase64String(serverSignature));
    }
}
