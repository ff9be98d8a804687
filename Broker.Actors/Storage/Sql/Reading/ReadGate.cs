using System.Collections.Concurrent;
using Broker.Actors.Storage.Sql.Dialects;
using Broker.Actors.Storage.Sql.Writing;
using LinqToDB.Data;

namespace Broker.Actors.Storage.Sql.Reading;

/// <summary>Bounds the reads under way, so that ten thousand sessions that come back at once do not ask for a connection each.</summary>
internal sealed class ReadGate(SqlDialect dialect) : IDisposable
{
    private readonly SemaphoreSlim _free = new(dialect.Readers);
    private readonly ConcurrentBag<Opened> _kept = [];

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

    /// <summary>Runs a read in its turn, on a connection with what was prepared there.</summary>
    /// <exception cref="StorageException">The database does not answer.</exception>
    public Task<T> ReadAsync<T>(Func<CommandCache, Task<T>> read, CancellationToken cancellation) => ReadAsync(
        async () =>
        {
            var opened = _kept.TryTake(out var kept) ? kept : await OpenAsync(cancellation).ConfigureAwait(false);
            var isKept = false;
            try
            {
                var result = await read(opened.Commands).ConfigureAwait(false);

                // An embedded database's connection does not break, and is costly to open for what is read; a server's driver pools its own.
                if (isKept = !dialect.IsShared)
                {
                    _kept.Add(opened);
                }

                return result;
            }
            finally
            {
                if (!isKept)
                {
                    opened.Dispose();
                }
            }
        },
        cancellation);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var opened in _kept)
        {
            opened.Dispose();
        }

        _free.Dispose();
    }

    private async Task<Opened> OpenAsync(CancellationToken cancellation)
    {
        var db = new DataConnection(dialect.Options);
        try
        {
            return new Opened(db, new CommandCache(await db.OpenDbConnectionAsync(cancellation).ConfigureAwait(false)));
        }
        catch (Exception)
        {
            await db.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private sealed record Opened(DataConnection Db, CommandCache Commands) : IDisposable
    {
        public void Dispose()
        {
            Commands.Dispose();
            Db.Dispose();
        }
    }
}
