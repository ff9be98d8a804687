using Broker.Actors.Hosting;
using Broker.Actors.Routing;
using Broker.Actors.Storage;
using Microsoft.Extensions.Logging;

namespace Broker.Actors.Retained;

/// <summary>
/// This node's read copy of all retained messages. Read by any thread; written in the order in which the partitions' owners applied the changes.
/// </summary>
internal sealed class RetainedCopy
{
    private readonly RetainedTree<RetainedMessage> _tree = new();
    private readonly Lock _gate = new();
    private readonly long[] _versions = new long[RetainedMessageExtractor.Partitions];
    private long _bytes;
    private int _reservedCount;
    private long _reservedBytes;

    public int Count => _tree.Count;

    /// <summary>Bytes of topics and payloads.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>The version of a partition's newest change that is here; 0: none.</summary>
    public long VersionOf(int partition)
    {
        lock (_gate)
        {
            return _versions[partition];
        }
    }

    /// <summary>What the database has of a topic.</summary>
    public void Apply(StoredRetained stored, ILogger logger)
    {
        if (stored.Problem is { } problem)
        {
            RetainedLog.NotLoaded(logger, problem);
            return;
        }

        var publication = stored.Publication ?? new Publication { Topic = stored.Topic, Payload = ReadOnlyMemory<byte>.Empty, Retain = true };
        Apply(new RetainedMessage(publication, Origin: 0, WriteNumber: 0), stored.Partition, stored.Version);
    }

    /// <summary>A change that the partition's owner made.</summary>
    public void Apply(RetainedMessage message, int partition, long version)
    {
        Apply(message);
        Advance(partition, version);
    }

    /// <summary>This copy has the partition's changes up to here.</summary>
    public void Advance(int partition, long version)
    {
        lock (_gate)
        {
            _versions[partition] = Math.Max(_versions[partition], version);
        }
    }

    /// <summary>An empty payload removes [MQTT-3.3.1-6].</summary>
    public void Apply(RetainedMessage message)
    {
        var publication = message.Publication;
        lock (_gate)
        {
            var previous = publication.Payload.IsEmpty ? _tree.Remove(publication.Topic) : _tree.Set(publication.Topic, message);
            _bytes += (publication.Payload.IsEmpty ? 0 : publication.Size) - (previous?.Publication.Size ?? 0);
        }
    }

    /// <summary>
    /// Takes what this message needs beyond the one that it may replace, where the limits leave that beside what is here and what is being committed.
    /// Null: they do not.
    /// </summary>
    public RetainedRoom? TryReserve(Publication publication, LimitsOptions limits)
    {
        if (publication.Payload.IsEmpty)
        {
            return default(RetainedRoom);
        }

        lock (_gate)
        {
            var previous = _tree.Get(publication.Topic);
            var needed = new RetainedRoom(previous is null ? 1 : 0, Math.Max(0, publication.Size - (previous?.Publication.Size ?? 0)));
            if ((limits.MaxRetainedMessages > 0 && Count + _reservedCount + needed.Count > limits.MaxRetainedMessages)
                || (limits.MaxRetainedBytes > 0 && _bytes + _reservedBytes + needed.Bytes > limits.MaxRetainedBytes))
            {
                return null;
            }

            _reservedCount += needed.Count;
            _reservedBytes += needed.Bytes;
            return needed;
        }
    }

    /// <summary>The message that it was taken for is here, or will not come.</summary>
    public void Free(RetainedRoom room)
    {
        lock (_gate)
        {
            _reservedCount -= room.Count;
            _reservedBytes -= room.Bytes;
        }
    }

    /// <summary>The topic's retained message now, or null.</summary>
    public RetainedMessage? Get(string topic) => _tree.Get(topic);

    /// <summary>Adds the retained messages whose topics match, expired ones too.</summary>
    public void Collect(string filter, List<RetainedMessage> into) => _tree.Collect(filter, into);
}

/// <summary>What a message that is being committed will add to the copy.</summary>
/// <param name="Count">Messages: 1, or 0 where it replaces one.</param>
/// <param name="Bytes">Of topic and payload; where it replaces one, what it is longer.</param>
internal readonly record struct RetainedRoom(int Count, int Bytes);
