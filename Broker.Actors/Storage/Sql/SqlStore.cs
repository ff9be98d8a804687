using Broker.Actors.Hosting;
using Broker.Actors.Storage.Sql.Dialects;
using Broker.Actors.Storage.Sql.Reading;
using Broker.Actors.Storage.Sql.Schema;
using Broker.Actors.Storage.Sql.Writing;
using Microsoft.Extensions.Logging;

namespace Broker.Actors.Storage.Sql;

/// <summary>The store of one node in SQL, put together in one place.</summary>
internal sealed class SqlStore : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly GroupWriter _writer;
    private readonly SqlStoreReader _reader;
    private readonly DataDirectoryLock? _lock;

    private SqlStore(GroupWriter writer, SqlStoreReader reader, IConnectionStore connections, INodeRegistry registry, DataDirectoryLock? directoryLock)
    {
        _writer = writer;
        _reader = reader;
        _lock = directoryLock;
        Connections = connections;
        Registry = registry;
    }

    /// <summary>Takes writes.</summary>
    public IStoreWriter Writer => _writer;

    /// <summary>Reads what was committed.</summary>
    public IStoreReader Reader => _reader;

    /// <summary>Finds wills and expiries.</summary>
    public IConnectionStore Connections { get; }

    /// <summary>Which nodes may commit; this one is registered.</summary>
    public INodeRegistry Registry { get; }

    /// <summary>
    /// Opens the store: locks the data directory (SQLite), creates or migrates the tables, registers this node and reads which sessions there are. Waits for a
    /// database that is not there yet, and says so in the log.
    /// </summary>
    /// <param name="options">Which database.</param>
    /// <param name="address">Under which other nodes know this one.</param>
    /// <param name="loggers">For the store's own lines.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="StorageException">It cannot be used as it is: locked by another node, of a newer version, wrongly configured.</exception>
    public static async Task<SqlStore> OpenAsync(
        BrokerOptions options, string address, ILoggerFactory loggers, TimeProvider time, CancellationToken cancellation)
    {
        var logger = loggers.CreateLogger<SqlStore>();
        var dialect = SqlDialects.Create(options);
        var directoryLock = dialect.IsShared ? null : DataDirectoryLock.Acquire(options.DataDirectory);
        try
        {
            var registry = new SqlNodeRegistry(dialect);
            await WaitForAsync(
                dialect,
                async () =>
                {
                    var found = await SchemaManager.MigrateAsync(dialect, cancellation).ConfigureAwait(false);
                    if (found < Migrations.Latest)
                    {
                        StoreLog.Migrated(logger, dialect.Name, Migrations.Latest, found);
                    }

                    await registry.RegisterAsync(address, cancellation).ConfigureAwait(false);
                },
                logger,
                time,
                cancellation).ConfigureAwait(false);
            return await StartAsync(dialect, registry, directoryLock, loggers, time, cancellation).ConfigureAwait(false);
        }
        catch (Exception)
        {
            directoryLock?.Dispose();
            throw;
        }
    }

    /// <summary>Commits what was written, ends the writer and frees the data directory.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.Run(_writer.Dispose).ConfigureAwait(false);
        _reader.Dispose();
        _lock?.Dispose();
    }

    private static async Task<SqlStore> StartAsync(
        SqlDialect dialect, SqlNodeRegistry registry, DataDirectoryLock? directoryLock, ILoggerFactory loggers, TimeProvider time, CancellationToken cancellation)
    {
        var node = registry.Self.Key;
        var keys = new KeyRange(node);
        var shared = new SharedMessages(keys);
        var ended = new EndedSessions(dialect);
        var logger = loggers.CreateLogger<GroupWriter>();
        var maintenance = new Maintenance(dialect, [ended, new UnreferredMessages(dialect, node, shared), new ExpiredMessages(dialect)], logger);
        var writer = new GroupWriter(
            dialect, new WriteGroup(new RareStatements(dialect, node), shared), new GroupTransaction(dialect, node), maintenance, time, logger);
        var reader = new SqlStoreReader(dialect, writer, keys);
        writer.Committed = write =>
        {
            if (write is StoreWrite.Discard)
            {
                ended.Expect();
            }

            reader.OnCommitted(write);
        };
        await reader.LoadIndexAsync(cancellation).ConfigureAwait(false);
        writer.Start();
        return new SqlStore(writer, reader, new SqlConnectionStore(dialect), registry, directoryLock);
    }

    private static async Task WaitForAsync(SqlDialect dialect, Func<Task> open, ILogger logger, TimeProvider time, CancellationToken cancellation)
    {
        var lastReason = "";
        while (true)
        {
            try
            {
                await open().ConfigureAwait(false);
                return;
            }
            catch (Exception problem) when (Guard.IsAway(problem) && !cancellation.IsCancellationRequested)
            {
                if (problem.Message != lastReason)
                {
                    StoreLog.Waiting(logger, dialect.Name, lastReason = problem.Message);
                }
            }

            await Task.Delay(Pause, time, cancellation).ConfigureAwait(false);
        }
    }
}
