namespace Broker.Actors.Storage;

/// <summary>
/// Is told what became of a write, once per write, on the writer's thread and in the order of the writes: it returns at once and does not throw.
/// </summary>
internal interface IWriteObserver
{
    /// <summary>It is durable.</summary>
    void OnCommitted(StoreWrite write);

    /// <summary>
    /// It will never be. For a change to a session, everything that was written after it through the same <see cref="SessionHandle"/> fails too: stop, and
    /// load the session again.
    /// </summary>
    void OnFailed(StoreWrite write, StorageException failure);
}
