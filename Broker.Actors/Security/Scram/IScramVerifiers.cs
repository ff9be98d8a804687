namespace Broker.Actors.Security.Scram;

/// <summary>Knows the verifiers of users. Any thread.</summary>
internal interface IScramVerifiers
{
    /// <summary>Called on the connection's event loop, which must not be blocked; the answer may come on any thread. An exception counts as a failure of the broker.</summary>
    /// <param name="userName">Prepared by SASLprep.</param>
    ValueTask<ScramUser> FindAsync(string userName);
}

/// <summary>A user, or one that is made up so that nobody learns from the exchange who exists.</summary>
/// <param name="Verifier">Of a user that is made up, one that no proof fits.</param>
/// <param name="Exists">Whether the user does.</param>
/// <param name="Roles">Of the user; null: none.</param>
internal readonly record struct ScramUser(ScramVerifier Verifier, bool Exists, IReadOnlyList<string>? Roles = null);
