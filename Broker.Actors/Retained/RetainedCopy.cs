using Broker.Actors.Hosting;
using Broker.Actors.Routing;

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

    /// <summary>Whether the limits leave room for this message, which may replace one.</summary>
    public bool HasRoomFor(Publication publication, LimitsOptions limits)
    {
        if (publication.Payload.IsEmpty)
        {
            return true;
        }

        var previous = _tree.Get(publication.Topic);
        var (count, bytes) = previous is null ? (1, 0) : (0, previous.Publication.Size);
        return (limits.MaxRetainedMessages == 0 || Count + count <= limits.MaxRetainedMessages)
            && (limits.MaxRetainedBytes == 0 || Bytes - bytes + publication.Size <= limits.MaxRetainedBytes);
    }

    /// <summary>The topic's retained message now, or null.</summary>
    public RetainedMessage? Get(string topic) => _tree.Get(topic);

    /// <summary>Adds the retained messages whose topics match, expired ones too.</summary>
    public void Collect(string filter, List<RetainedMessage> into) => _tree.Collect(filter, into);
}
