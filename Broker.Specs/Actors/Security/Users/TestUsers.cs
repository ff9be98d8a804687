using Broker.Actors.Security.Scram;
using Broker.Actors.Security.Users;

namespace Broker.Specs.Actors.Security.Users;

/// <summary>Users whose password costs next to nothing to check.</summary>
internal static class TestUsers
{
    // Argon2id of "password" with 256 KiB.
    private const string Cheap = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";

    /// <summary>Whether nobody but its owner can read the file, or write it; where the system knows such modes.</summary>
    public static bool IsPrivate(string path) =>
        OperatingSystem.IsWindows() || File.GetUnixFileMode(path) == (UnixFileMode.UserRead | UnixFileMode.UserWrite);

    /// <summary>The Argon2id hash of "password".</summary>
    public const string CheapHash = Cheap;

    /// <summary>A user with the password "password".</summary>
    public static string Line(string name, params string[] roles)
    {
        Argon2Hash.TryParse(Cheap, out var hash).Should().BeTrue();
        return new UserRecord(name, ScramVerifier.Of("password", new byte[16], 4_096), hash!, roles).ToLine();
    }
}
