using Broker.Actors.Routing;

namespace Broker.Actors.Storage;

/// <summary>Retained messages.</summary>
internal abstract partial class StoreWrite
{
    /// <summary>
    /// This is the topic's retained message from now on; one with an empty payload leaves a tombstone (hard case 10). A lower version than the stored one changes
    /// nothing.
    /// </summary>
    /// <param name="partition">Of the topic, 0 and up.</param>
    /// <param name="version">Grows within the partition.</param>
    /// <param name="publication">The message.</param>
    internal sealed class SaveRetained(int partition, long version, Publication publication) : StoreWrite
    {
        public int Partition { get; } = partition;

        public long Version { get; } = version;

        public Publication Publication { get; } = publication;

        /// <inheritdoc/>
        public override int Size => StoreBacklog.PerMessage + Publication.Size;
    }

    /// <summary>All members have passed the partition's tombstones up to this version: they are removed.</summary>
    internal sealed class PurgeTombstones(int partition, long version) : StoreWrite
    {
        public int Partition { get; } = partition;

        public long Version { get; } = version;
    }
}
