using Broker.Actors.Storage;

namespace Broker.Actors.Sessions;

/// <summary>For writes that nobody waits for: should they fail, the next start finds the row again.</summary>
internal sealed class IgnoredOutcome : IWriteObserver
{
    public static IgnoredOutcome Instance { get; } = new();

    /// <inheritdoc/>
    public void OnCommitted(StoreWrite write)
    {
    }

    /// <inheritdoc/>
    public void OnFailed(StoreWrite write, StorageException failure)
    {
    }
}
