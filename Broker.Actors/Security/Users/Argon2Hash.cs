using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Konscious.Security.Cryptography;

namespace Broker.Actors.Security.Users;

/// <summary>A password as Argon2id (RFC 9106, version 0x13), in the PHC form <c>$argon2id$v=19$m=19456,t=2,p=1$SALT$HASH</c>.</summary>
/// <param name="Memory">KiB.</param>
/// <param name="Passes">Over the memory.</param>
/// <param name="Lanes">That may run side by side.</param>
/// <param name="Salt">Not secret.</param>
/// <param name="Hash">Of the password.</param>
internal sealed partial record Argon2Hash(int Memory, int Passes, int Lanes, byte[] Salt, byte[] Hash)
{
    private const int DefaultMemory = 19_456;
    private const int DefaultPasses = 2;
    private const int SaltSize = 16;
    private const int HashSize = 32;

    // A file that asks for more would take the node's memory or its cores at every login.
    private const int MostMemory = 1_048_576;
    private const int MostPasses = 100;
    private const int MostLanes = 16;

    /// <summary>Of a new password, with OWASP's parameters: 19 MiB, two passes. It takes tens of milliseconds.</summary>
    /// <param name="password">Prepared by SASLprep.</param>
    public static Argon2Hash Of(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltSize);
        return new Argon2Hash(DefaultMemory, DefaultPasses, 1, salt, Compute(password, salt, DefaultMemory, DefaultPasses, 1, HashSize));
    }

    /// <summary>One that no password fits, for who does not exist: checking it takes as long as any.</summary>
    public static Argon2Hash Decoy() =>
        new(DefaultMemory, DefaultPasses, 1, RandomNumberGenerator.GetBytes(SaltSize), RandomNumberGenerator.GetBytes(HashSize));

    /// <summary>False: not of the form, or beyond 1 GiB, 100 passes or 16 lanes.</summary>
    public static bool TryParse(string text, out Argon2Hash? hash)
    {
        hash = null;
        var form = Form().Match(text);
        if (!form.Success || !TryBytes(form.Groups["salt"].Value, out var salt) || !TryBytes(form.Groups["hash"].Value, out var value))
        {
            return false;
        }

        var (memory, passes, lanes) = (Number(form.Groups["m"]), Number(form.Groups["t"]), Number(form.Groups["p"]));
        if (memory is < 8 or > MostMemory || passes is < 1 or > MostPasses || lanes is < 1 or > MostLanes || memory < 8 * lanes || salt.Length < 8 || value.Length < 16)
        {
            return false;
        }

        hash = new Argon2Hash(memory, passes, lanes, salt, value);
        return true;
    }

    /// <summary>Whether it is the password. It takes as long as <see cref="Of"/>: never on an event loop.</summary>
    /// <param name="password">Prepared by SASLprep.</param>
    public bool Verify(string password) =>
        CryptographicOperations.FixedTimeEquals(Compute(password, Salt, Memory, Passes, Lanes, Hash.Length), Hash);

    /// <summary>The PHC form.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"$argon2id$v=19$m={Memory},t={Passes},p={Lanes}${Unpadded(Salt)}${Unpadded(Hash)}");

    private static byte[] Compute(string password, byte[] salt, int memory, int passes, int lanes, int size)
    {
        using var argon2 = new Argon2id(Encoding.UTF8.GetBytes(password))
        {
            Salt = salt,
            MemorySize = memory,
            Iterations = passes,
            DegreeOfParallelism = lanes,
        };
        return argon2.GetBytes(size);
    }

    private static int Number(Group digits) => int.Parse(digits.ValueSpan, CultureInfo.InvariantCulture);

    private static string Unpadded(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    private static bool TryBytes(string unpadded, out byte[] bytes)
    {
        bytes = new byte[unpadded.Length];
        var padded = unpadded.PadRight((unpadded.Length + 3) / 4 * 4, '=');
        var isBase64 = Convert.TryFromBase64String(padded, bytes, out var length);
        Array.Resize(ref bytes, length);
        return isBase64;
    }

    [GeneratedRegex(@"^\$argon2id\$v=19\$m=(?<m>[0-9]{1,9}),t=(?<t>[0-9]{1,9}),p=(?<p>[0-9]{1,9})\$(?<salt>[A-Za-z0-9+/]{1,128})\$(?<hash>[A-Za-z0-9+/]{1,128})$", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
