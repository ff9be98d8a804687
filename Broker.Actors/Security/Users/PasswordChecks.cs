namespace Broker.Actors.Security.Users;

/// <summary>Runs Argon2 beside the event loops, a few at a time: each takes megabytes and a core.</summary>
/// <param name="atOnce">The most that run.</param>
/// <param name="patience">How long one waits for its turn.</param>
internal sealed class PasswordChecks(int atOnce, TimeSpan patience) : IDisposable
{
    private readonly SemaphoreSlim _turns = new(atOnce);

    /// <summary>Null: it was not its turn in time.</summary>
    public async Task<bool?> VerifyAsync(Argon2Hash hash, string password)
    {
        if (!await _turns.WaitAsync(patience).ConfigureAwait(false))
        {
            return null;
        }

        try
        {
            return await Task.Run(() => hash.Verify(password)).ConfigureAwait(false);
        }
        finally
        {
            _turns.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turns.Dispose();
}
