namespace Broker.Actors.Security.Scram;

/// <summary>Several that know verifiers, asked in order: the first that has the user decides. Where none has, the first makes one up.</summary>
/// <param name="sources">One or more.</param>
internal sealed class ScramUsers(IReadOnlyList<IScramVerifiers> sources) : IScramVerifiers
{
    /// <inheritdoc/>
    public async ValueTask<ScramUser> FindAsync(string userName)
    {
        ScramUser? madeUp = null;
        foreach (var source in sources)
        {
            var user = await source.FindAsync(userName).ConfigureAwait(false);
            if (user.Exists)
            {
                return user;
            }

            madeUp ??= user;
        }

        return madeUp ?? throw new InvalidOperationException("Nobody knows verifiers.");
    }
}
