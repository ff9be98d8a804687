namespace Broker.Actors.Storage;

/// <summary>
/// The way into the store, one per node. What has gathered from all sessions is committed in one transaction while the next group gathers. Any thread.
/// </summary>
internal interface IStoreWriter
{
    /// <summary>What waits, so that publishers are held: nothing is refused or dropped here.</summary>
    StoreBacklog Backlog { get; }

    /// <summary>Whether the database takes writes.</summary>
    StoreHealth Health { get; }

    /// <summary>
    /// Takes a change and returns at once. Changes of one session are committed in the order of the calls, those of one call of a session never in a later
    /// group than what follows. The observer is told when the change is committed, or that it never will be: the database's absence alone fails nothing.
    /// </summary>
    void Write(StoreWrite write, IWriteObserver observer);
}
