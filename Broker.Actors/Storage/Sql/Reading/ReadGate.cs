using Broker.Actors.Storage.Sql.Dialects;

namespace Broker.Actors.Storage.Sql.Reading;

/// <summary>Bounds the reads under way, so that ten thousand sessions that come back at once do not ask for a connection each.</summary>
internal sealed class ReadGate(SqlDialect dialect) : IDisposable
{
    private readonly SemaphoreSlim _free = new(dialect.Readers);

    /// <summary>Runs a read in its turn.</summary>
    /// <exception cref="StorageException">The database does not answer.</exception>
    public async Task<T> ReadAsync<T>(Func<Task<T>> read, CancellationToken cancellation)
    {
        await _free.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await Guard.ReadAsync(dialect, read).ConfigureAwait(false);
        }
        finally
        {
            _free.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _free.Dispose();
}
