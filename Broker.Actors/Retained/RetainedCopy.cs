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
    private long _bytes;

    public int Count => _tree.Count;

    /// <summary>Bytes of topics and payloads.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>An empty payload removes [MQTT-3.3.1-6].</summary>
    public void Apply(RetainedMessage message)
    {
        var publication = message.Publication;
        lock (_gate)
        {
            if (_tree.TryGet(publication.Topic, out var previous))
            {
                _bytes -= previous.Publication.Size;
            }

            if (publication.Payload.IsEmpty)
            {
                _tree.Remove(publication.Topic);
            }
            else
            {
                _tree.Set(publication.Topic, message);
                _bytes += publication.Size;
            }
        }
    }

    /// <summary>Whether the limits leave room for this message, which may replace one.</summary>
    public bool HasRoomFor(Publication publication, LimitsOptions limits)
    {
        if (publication.Payload.IsEmpty)
        {
            return true;
        }

        var (count, bytes) = _tree.TryGet(publication.Topic, out var previous) ? (0, previous.Publication.Size) : (1, 0);
        return (limits.MaxRetainedMessages == 0 || Count + count <= limits.MaxRetainedMessages)
            && (limits.MaxRetainedBytes == 0 || Bytes - bytes + publication.Size <= limits.MaxRetainedBytes);
    }

    /// <summary>Adds the retained messages whose topics match, expired ones too.</summary>
    public void Collect(string filter, List<RetainedMessage> into) => _tree.Collect(filter, into);
}
