using System.Data.Common;
using System.Globalization;
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
    private static readonly TimeSpan Conflict = TimeSpan.FromMilliseconds(100);

    private readonly GroupWriter _writer;
    private readonly SqlStoreReader _reader;
    private readonly ReadGate _gate;
    private readonly SqlDialect _dialect;
    private readonly DataDirectoryLock? _lock;

    private SqlStore(
        SqlDialect dialect,
        GroupWriter writer,
        SqlStoreReader reader,
        ReadGate gate,
        IConnectionStore connections,
        INodeRegistry registry,
        IPrimaryTerms terms,
        StoreClock clock,
        DataDirectoryLock? directoryLock)
    {
        _dialect = dialect;
        _writer = writer;
        _reader = reader;
        _gate = gate;
        _lock = directoryLock;
        Connections = connections;
        Registry = registry;
        Terms = terms;
        Clock = clock;
    }

    /// <summary>Takes writes.</summary>
    public IStoreWriter Writer => _writer;

    /// <summary>See <see cref="GroupWriter.GroupCommitted"/>. Set once.</summary>
    public Action<int, TimeSpan>? GroupCommitted
    {
        get => _writer.GroupCommitted;
        set => _writer.GroupCommitted = value;
    }

    /// <summary>Reads what was committed.</summary>
    public IStoreReader Reader => _reader;

    /// <summary>Finds wills and expiries.</summary>
    public IConnectionStore Connections { get; }

    /// <summary>Which nodes may commit; this one is registered.</summary>
    public INodeRegistry Registry { get; }

    /// <summary>Numbers the times in the primary role.</summary>
    public IPrimaryTerms Terms { get; }

    /// <summary>The time that all nodes on this database share.</summary>
    public StoreClock Clock { get; }

    /// <summary>
    /// Opens the store: locks the data directory (SQLite), creates or migrates the tables, registers this node and reads which sessions there are. Waits for a
    /// database that is not there yet, and says so in the log.
    /// </summary>
    /// <param name="options">Which database.</param>
    /// <param name="address">Under which other nodes know this one.</param>
    /// <param name="uid">Akka's number of this process.</param>
    /// <param name="loggers">For the store's own lines.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="StorageException">It cannot be used as it is: locked by another node, of a newer version, wrongly configured, a login that is refused.</exception>
    public static async Task<SqlStore> OpenAsync(
        BrokerOptions options, string address, int uid, ILoggerFactory loggers, TimeProvider time, CancellationToken cancellation)
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

                    await registry.RegisterAsync(address, uid, cancellation).ConfigureAwait(false);
                },
                logger,
                time,
                cancellation).ConfigureAwait(false);
            return await StartAsync(
                dialect, registry, directoryLock, new StoreBacklog(options.Storage.MaxBacklog), !options.Cluster.IsClustered, loggers, time, cancellation).ConfigureAwait(false);
        }
        catch (Exception)
        {
            directoryLock?.Dispose();
            throw;
        }
    }

    /// <summary>Sees how far this node's clock is off. An embedded database has the node's own; one that is away leaves what was measured before. One caller at a time.</summary>
    public async Task MeasureClockAsync(CancellationToken cancellation)
    {
        if (!_dialect.IsShared)
        {
            return;
        }

        try
        {
            await Clock.MeasureAsync(() => _gate.ReadAsync(
                async commands => Convert.ToInt64(
                    await commands.Bind(new Statement("SELECT " + _dialect.Now)).ExecuteScalarAsync(cancellation).ConfigureAwait(false), CultureInfo.InvariantCulture),
                cancellation)).ConfigureAwait(false);
        }
        catch (StorageException)
        {
            // Told by whoever needs it for more than this.
        }
    }

    /// <summary>Commits what was written, ends the writer and frees the data directory.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.Run(_writer.Dispose).ConfigureAwait(false);
        _gate.Dispose();
        _lock?.Dispose();
    }

    private static async Task<SqlStore> StartAsync(
        SqlDialect dialect,
        SqlNodeRegistry registry,
        DataDirectoryLock? directoryLock,
        StoreBacklog backlog,
        bool isAlone,
        ILoggerFactory loggers,
        TimeProvider time,
        CancellationToken cancellation)
    {
        var node = registry.Self.Key;
        var keys = new KeyRange(node);
        var shared = new SharedMessages(keys);
        var ended = new EndedSessions(dialect);
        var logger = loggers.CreateLogger<GroupWriter>();
        var maintenance = new Maintenance(dialect, [ended, new UnreferredMessages(dialect, node, shared), new ExpiredMessages(dialect), new EndedOrigins(dialect, time)], logger);
        var writer = new GroupWriter(
            dialect, new WriteGroup(new RareStatements(dialect, node), shared), new GroupTransaction(dialect, node), maintenance, backlog, time, logger);
        var gate = new ReadGate(dialect);
        var reader = new SqlStoreReader(dialect, writer, keys, gate) { IsAlone = isAlone };
        writer.Committed = write =>
        {
            if (write is StoreWrite.Discard)
            {
                ended.Expect();
            }

            reader.OnCommitted(write);
        };
        if (isAlone)
        {
            await reader.LoadIndexAsync(cancellation).ConfigureAwait(false);
        }

        writer.Start();
        var store = new SqlStore(
            dialect, writer, reader, gate, new SqlConnectionStore(dialect), registry, new SqlPrimaryTerms(dialect, registry), new StoreClock(time, loggers.CreateLogger<StoreClock>()), directoryLock);
        await store.MeasureClockAsync(cancellation).ConfigureAwait(false);
        return store;
    }

    private static DbException? RefusedLogin(SqlDialect dialect, Exception problem) => problem switch
    {
        DbException database => dialect.IsRefusedLogin(database) ? database : null,
        LinqToDB.LinqToDBException { InnerException: { } inner } => RefusedLogin(dialect, inner),
        _ => null,
    };

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
            catch (Exception problem) when (RefusedLogin(dialect, problem) is { } refused)
            {
                throw new StorageException($"{dialect.Name} refuses the login of mqtt.storage.connection-string: {refused.Message}", problem);
            }
            catch (DbException problem) when (dialect.IsRefusal(problem) && !cancellation.IsCancellationRequested)
            {
                // Another node makes the tables at the same moment.
                await Task.Delay(Conflict, time, cancellation).ConfigureAwait(false);
                continue;
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
