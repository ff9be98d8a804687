using Broker.Actors.Storage;

namespace Broker.Specs.Actors.Sessions;

/// <summary>
/// A store in memory whose writes are committed at once or (<see cref="IsManual"/>) when and how the spec says, in their order as the contract has it. What is
/// committed can be loaded again, by another entity too.
/// </summary>
internal sealed partial class FakeStore(TimeProvider time) : IStoreWriter
{
    private readonly Queue<StoreWrite> _waiting = [];
    private readonly Lock _gate = new();
    private StoreHealth _health = new(true, time.GetUtcNow(), "");

    /// <summary>True: writes wait for <see cref="Complete"/> or <see cref="Fail"/>.</summary>
    public bool IsManual { get; set; }

    /// <summary>Everything that was written, in order.</summary>
    public List<StoreWrite> Writes { get; } = [];

    /// <inheritdoc/>
    public StoreHealth Health
    {
        get => _health;
        set => _health = value;
    }

    /// <inheritdoc/>
    public StoreBacklog Backlog { get; } = new(long.MaxValue);

    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>The database does not answer from now on.</summary>
    public void GoAway(string reason) => (IsManual, _health) = (true, new StoreHealth(false, time.GetUtcNow(), reason));

    /// <summary>It does again, and what waited is committed.</summary>
    public void ComeBack()
    {
        (IsManual, _health) = (false, new StoreHealth(true, time.GetUtcNow(), ""));
        Complete();
    }

    /// <inheritdoc/>
    public void Write(StoreWrite write, IWriteObserver observer)
    {
        write.Observer = observer;
        lock (_gate)
        {
            Writes.Add(write);
            _waiting.Enqueue(write);
        }

        if (!IsManual)
        {
            Complete();
        }
    }

    /// <summary>Commits the oldest writes that wait, and what they cause where there is no bound.</summary>
    public void Complete(int count = int.MaxValue)
    {
        for (; count > 0 && Take() is { } write; count--)
        {
            if (write.Session is { IsBroken: true })
            {
                write.Observer!.OnFailed(write, new StorageException("an earlier write failed"));
                continue;
            }

            lock (_gate)
            {
                Commit(write);
            }

            write.Observer!.OnCommitted(write);
        }
    }

    /// <summary>The oldest write that waits will never be committed.</summary>
    public void Fail(StorageException? failure = null)
    {
        var write = Take()!;
        write.Session?.Break();
        write.Observer!.OnFailed(write, failure ?? new StorageException("disk full"));
    }

    private StoreWrite? Take()
    {
        lock (_gate)
        {
            return _waiting.TryDequeue(out var write) ? write : null;
        }
    }
}
