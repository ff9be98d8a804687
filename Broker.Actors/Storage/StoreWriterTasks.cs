namespace Broker.Actors.Storage;

/// <summary>For those who write rarely and want a task.</summary>
internal static class StoreWriterTasks
{
    /// <summary>Completes with the commit, on another thread than the writer's.</summary>
    /// <exception cref="StorageException">It will never be committed.</exception>
    public static Task WriteAsync(this IStoreWriter writer, StoreWrite write)
    {
        var observer = new Observer();
        writer.Write(write, observer);
        return observer.Task;
    }

    private sealed class Observer() : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), IWriteObserver
    {
        public void OnCommitted(StoreWrite write) => SetResult();

        public void OnFailed(StoreWrite write, StorageException failure) => SetException(failure);
    }
}
