using Akka.Actor;
using Broker.Actors.Storage.Sql.Writing;

namespace Broker.Actors.Storage;

/// <summary>
/// What an actor does once its writes are committed, in their order. The store's writer counts commits here and wakes the actor once for all that a
/// group brought.
/// </summary>
internal sealed class StoreCommits(IActorRef actor, IStoreWriter writer) : IWriteObserver
{
    private readonly Queue<(long Write, Action Then)> _waiting = [];
    private long _written;
    private long _done;
    private long _committed;
    private int _isScheduled;
    private volatile StorageException? _failure;

    /// <summary>Writes that are not known to be committed.</summary>
    public long Count => _written - _done;

    /// <summary>This node may not write any more: what it holds is another's (hard case 1).</summary>
    public bool IsRevoked => _failure is RevokedException;

    /// <summary>Writes, and runs <paramref name="then"/> in the actor after the commit.</summary>
    public void Write(StoreWrite write, Action? then = null)
    {
        _written++;
        if (then is not null)
        {
            _waiting.Enqueue((_written, then));
        }

        writer.Write(write, this);
    }

    /// <summary>Runs <paramref name="action"/> once everything written so far is committed; at once where it is.</summary>
    public void Then(Action action)
    {
        if (Count == 0)
        {
            action();
        }
        else
        {
            _waiting.Enqueue((_written, action));
        }
    }

    /// <inheritdoc/>
    public void OnCommitted(StoreWrite write)
    {
        Interlocked.Increment(ref _committed);
        Wake();
    }

    /// <inheritdoc/>
    public void OnFailed(StoreWrite write, StorageException failure)
    {
        _failure ??= failure;
        Wake();
    }

    /// <summary>In the actor, on <see cref="Due"/>.</summary>
    /// <exception cref="StorageException">A write will never be committed, so what the actor holds is not what the store has.</exception>
    public void Run()
    {
        Interlocked.Exchange(ref _isScheduled, 0);
        _done = Interlocked.Read(ref _committed);
        while (_waiting.TryPeek(out var next) && next.Write <= _done)
        {
            _waiting.Dequeue();
            next.Then();
        }

        if (_failure is { } failure)
        {
            throw new StorageException(failure.Message, failure);
        }
    }

    private void Wake()
    {
        if (Interlocked.Exchange(ref _isScheduled, 1) == 0)
        {
            actor.Tell(Due.Instance, ActorRefs.NoSender);
        }
    }

    /// <summary>Some writes have been committed.</summary>
    internal sealed class Due
    {
        public static Due Instance { get; } = new();
    }
}
