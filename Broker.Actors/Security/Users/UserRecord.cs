using System.Globalization;
using Broker.Actors.Security.Sasl;
using Broker.Actors.Security.Scram;

namespace Broker.Actors.Security.Users;

/// <summary>
/// A line of a password file: <c>NAME SCRAM-SHA-256$ITERATIONS:SALT$STOREDKEY:SERVERKEY $argon2id$… [roles=ROLE,ROLE]</c>, with what is not a letter, digit or one of
/// <c>-._~</c> in names as %XX. The first is PostgreSQL's form of a SCRAM secret.
/// </summary>
/// <param name="Name">Prepared by SASLprep.</param>
/// <param name="Scram">For the authentication method.</param>
/// <param name="Password">For CONNECT with user name and password.</param>
/// <param name="Roles">For the rules about topics.</param>
internal sealed record UserRecord(string Name, ScramVerifier Scram, Argon2Hash Password, IReadOnlyList<string> Roles)
{
    private const string RolesForm = "roles=";

    /// <summary>Of a new password.</summary>
    /// <param name="name">Prepared by SASLprep.</param>
    /// <param name="password">Prepared by SASLprep.</param>
    /// <param name="roles">Of the user.</param>
    public static UserRecord Of(string name, string password, IReadOnlyList<string> roles) => new(name, ScramVerifier.Of(password), Argon2Hash.Of(password), roles);

    /// <summary>Answers (true, the user, null) or (false, null, what is wrong). What is wrong has nothing of the secrets in it.</summary>
    public static bool TryParse(string line, out UserRecord? user, out string? problem)
    {
        user = null;
        problem = null;
        if (line.Split(' ') is not [var name, var scram, var password, .. { Length: <= 1 } more])
        {
            problem = "it has not the three parts NAME, SCRAM-SHA-256$… and $argon2id$…, and perhaps roles=…, with a space between";
        }
        else if (ParseRoles(more) is not { } roles)
        {
            problem = "the fourth part is not of the form roles=ROLE,ROLE";
        }
        else if (!SaslPrep.TryPrepare(Uri.UnescapeDataString(name), isStored: true, out var prepared, out var why))
        {
            problem = $"the user name {why}";
        }
        else if (prepared != Uri.UnescapeDataString(name))
        {
            problem = "the user name is not in its prepared form (RFC 4013)";
        }
        else if (ScramVerifierText.Parse(scram) is not { } verifier)
        {
            problem = "the second part is not of the form SCRAM-SHA-256$ITERATIONS:SALT$STOREDKEY:SERVERKEY";
        }
        else if (!Argon2Hash.TryParse(password, out var hash))
        {
            problem = "the third part is not of the form $argon2id$v=19$m=…,t=…,p=…$SALT$HASH, or asks for more than 1 GiB, 100 passes or 16 lanes";
        }
        else
        {
            user = new UserRecord(prepared, verifier, hash!, roles);
        }

        return user is not null;
    }

    /// <summary>The line.</summary>
    public string ToLine() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Uri.EscapeDataString(Name)} {ScramVerifierText.Show(Scram)} {Password}{(Roles.Count == 0 ? "" : " " + RolesForm + string.Join(',', Roles.Select(Uri.EscapeDataString)))}");

    /// <summary>No secrets: records print what they hold.</summary>
    public override string ToString() => Name;

    private static string[]? ParseRoles(string[] more)
    {
        if (more is [])
        {
            return [];
        }

        var roles = more[0].StartsWith(RolesForm, StringComparison.Ordinal) ? more[0][RolesForm.Length..].Split(',').Select(Uri.UnescapeDataString).ToArray() : null;
        return roles is null || roles.Any(static role => role.Length == 0) ? null : roles;
    }

}
