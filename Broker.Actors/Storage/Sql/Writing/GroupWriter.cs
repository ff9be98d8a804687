using System.Runtime.InteropServices;
using Broker.Actors.Storage.Sql.Dialects;
using Microsoft.Extensions.Logging;

namespace Broker.Actors.Storage.Sql.Writing;

/// <summary>
/// The node's one writer: a thread that takes all that has gathered, commits it in one transaction, tells the observers, and takes what has gathered
/// meanwhile. Where the database is away it tries again until it is back, and nothing is acknowledged meanwhile.
/// </summary>
internal sealed class GroupWriter : IStoreWriter, IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly object _gate = new();
    private readonly SqlDialect _dialect;
    private readonly WriteGroup _group;
    private readonly GroupTransaction _transaction;
    private readonly Maintenance _maintenance;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Action<CommandCache> _execute;
    private readonly Thread _thread;
    private List<StoreWrite> _incoming = [];
    private List<StoreWrite> _taken = [];
    private int _next;
    private bool _isWaiting;
    private bool _isStopping;
    private volatile StoreHealth _health;
    private volatile StorageException? _end;

    public GroupWriter(
        SqlDialect dialect,
        WriteGroup group,
        GroupTransaction transaction,
        Maintenance maintenance,
        StoreBacklog backlog,
        TimeProvider time,
        ILogger<GroupWriter> logger)
    {
        Backlog = backlog;
        _dialect = dialect;
        _group = group;
        _transaction = transaction;
        _maintenance = maintenance;
        _time = time;
        _logger = logger;
        _execute = commands => group.Execute(dialect, commands);
        _health = new StoreHealth(true, time.GetUtcNow(), "");
        _thread = new Thread(Run) { Name = "store-writer", IsBackground = true };
    }

    /// <inheritdoc/>
    public StoreBacklog Backlog { get; }

    /// <inheritdoc/>
    public StoreHealth Health => _health;

    /// <summary>Called on the writer's thread with each committed write, before its observer.</summary>
    public Action<StoreWrite>? Committed { get; set; }

    /// <summary>Called on the writer's thread behind each commit, with the number of writes in it and how long the database took.</summary>
    public Action<int, TimeSpan>? GroupCommitted { get; set; }

    /// <summary>Starts the thread.</summary>
    public void Start() => _thread.Start();

    /// <inheritdoc/>
    public void Write(StoreWrite write, IWriteObserver observer)
    {
        write.Observer = observer;
        Backlog.Add(write.Size);
        lock (_gate)
        {
            _incoming.Add(write);
            if (_isWaiting)
            {
                _isWaiting = false;
                Monitor.Pulse(_gate);
            }
        }
    }

    /// <summary>
    /// Commits what was written before, as far as the database is there, and ends. What it could not commit fails.
    /// </summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isStopping = true;
            Monitor.PulseAll(_gate);
        }

        if (_thread.IsAlive)
        {
            _thread.Join();
        }
    }

    private void Run()
    {
        while (Take())
        {
            while (_next < _taken.Count)
            {
                var group = NextGroup();
                Commit(group);
                _maintenance.BetweenGroups(_transaction, isIdle: false);
            }
        }

        _transaction.Dispose();
    }

    /// <summary>Swaps the lists once something is there; false: the writer ends.</summary>
    private bool Take()
    {
        _taken.Clear();
        _next = 0;
        while (true)
        {
            TimeSpan pause;
            lock (_gate)
            {
                if (_incoming.Count > 0)
                {
                    (_taken, _incoming) = (_incoming, _taken);
                    return true;
                }

                if (_isStopping)
                {
                    return false;
                }

                pause = _maintenance.Due();
                if (pause > TimeSpan.Zero)
                {
                    _isWaiting = true;
                    Monitor.Wait(_gate, pause);
                    _isWaiting = false;
                    continue;
                }
            }

            _maintenance.BetweenGroups(_transaction, isIdle: true);
        }
    }

    private Span<StoreWrite> NextGroup()
    {
        var all = CollectionsMarshal.AsSpan(_taken);
        var end = _next;
        long bytes = 0;
        while (end < all.Length && end - _next < _dialect.GroupWrites && bytes < _dialect.GroupBytes)
        {
            bytes += all[end++].Size;
        }

        var group = all[_next..end];
        _next = end;
        return group;
    }

    /// <summary>Commits the writes together; where one of them is refused, all others.</summary>
    private void Commit(Span<StoreWrite> writes)
    {
        var alive = DropBroken(writes);
        if (alive.IsEmpty)
        {
            return;
        }

        var pause = FirstPause;
        var isRepeated = false;
        try
        {
            _group.Build(alive);
        }
        catch (Exception problem)
        {
            // A write that cannot be put into columns; the others can.
            Split(alive, problem);
            return;
        }

        long begun;
        while (true)
        {
            begun = _time.GetTimestamp();
            try
            {
                _transaction.Run(_execute, isRepeated);
                break;
            }
            catch (Exception problem) when (_transaction.IsRefusal(problem))
            {
                // Only a write is wrong, and nobody says which.
                Split(alive, problem);
                return;
            }
            catch (RevokedException problem)
            {
                End(problem, alive);
                return;
            }
            catch (Exception problem)
            {
                ReportDown(problem.Message);
                if (!Pause(pause))
                {
                    End(new StorageException("The node stops and the database is away: " + problem.Message, problem), alive);
                    return;
                }

                isRepeated = true;
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }

        GroupCommitted?.Invoke(alive.Length, _time.GetElapsedTime(begun));
        ReportUp();
        _group.Committed();
        _maintenance.Expect();
        foreach (var write in alive)
        {
            Committed?.Invoke(write);
            Backlog.Remove(write.Size);
            write.Observer!.OnCommitted(write);
        }
    }

    private void Split(Span<StoreWrite> writes, Exception problem)
    {
        if (writes.Length > 1)
        {
            Commit(writes[..(writes.Length / 2)]);
            Commit(writes[(writes.Length / 2)..]);
            return;
        }

        var write = writes[0];
        var what = $"{write.GetType().Name} of {(write.Session is { } session ? $"the session of '{session.ClientId}'" : "the store")}";
        StoreLog.Refused(_logger, what, problem.Message);
        Fail(write, new StorageException($"The database refuses a write ({what}): {problem.Message}", problem));
    }

    /// <summary>Writes of a session behind one that failed fail too.</summary>
    private Span<StoreWrite> DropBroken(Span<StoreWrite> writes)
    {
        var kept = 0;
        foreach (var write in writes)
        {
            if (_end is { } end)
            {
                Fail(write, end);
            }
            else if (write.Session is { IsBroken: true } session)
            {
                Fail(write, new StorageException($"An earlier write of the session of '{session.ClientId}' failed: load it again."));
            }
            else
            {
                writes[kept++] = write;
            }
        }

        return writes[..kept];
    }

    private void Fail(StoreWrite write, StorageException failure)
    {
        write.Session?.Break();
        Backlog.Remove(write.Size);
        write.Observer!.OnFailed(write, failure);
    }

    /// <summary>Nothing is written any more.</summary>
    private void End(StorageException reason, Span<StoreWrite> writes)
    {
        _end = reason;
        ReportDown(reason.Message);
        foreach (var write in writes)
        {
            Fail(write, reason);
        }
    }

    private bool Pause(TimeSpan pause)
    {
        lock (_gate)
        {
            // Pulsed only by the end: writes do not wake it while it is not waiting for them.
            return !_isStopping && (!Monitor.Wait(_gate, pause) || !_isStopping);
        }
    }

    private void ReportDown(string reason)
    {
        if (_health.IsUp)
        {
            StoreLog.Down(_logger, _dialect.Name, reason);
            _health = new StoreHealth(false, _time.GetUtcNow(), reason);
            Backlog.GoAway();
        }
        else if (_health.Reason != reason)
        {
            _health = _health with { Reason = reason };
        }
    }

    private void ReportUp()
    {
        if (!_health.IsUp)
        {
            StoreLog.Up(_logger, _dialect.Name, (long)(_time.GetUtcNow() - _health.Since).TotalSeconds);
            _health = new StoreHealth(true, _time.GetUtcNow(), "");
            Backlog.ComeBack();
        }
    }
}
