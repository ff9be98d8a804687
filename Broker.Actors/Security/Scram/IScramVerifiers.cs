namespace Broker.Actors.Security.Scram;

/// <summary>Knows the verifiers of users. Any thread.</summary>
internal interface IScramVerifiers
{
    /// <param name="userName">Prepared by SASLprep.</param>
    ScramUser Find(string userName);
}

/// <summary>A user, or one that is made up so that nobody learns from the exchange who exists.</summary>
/// <param name="Verifier">Of a user that is made up, one that no proof fits.</param>
/// <param name="Exists">Whether the user does.</param>
/// <param name="Roles">Of the user; null: none.</param>
internal readonly record struct ScramUser(ScramVerifier Verifier, bool Exists, IReadOnlyList<string>? Roles = null);
