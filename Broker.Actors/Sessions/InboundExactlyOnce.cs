namespace Broker.Actors.Sessions;

/// <summary>
/// Packet ids of QoS 2 messages that the client has sent and not yet released (section 4.3.3): a second PUBLISH with one
/// of them is the same message. Single-threaded; holds no table before the first.
/// </summary>
/// <param name="maximum">The server's Receive Maximum, 1 to 65,535.</param>
internal sealed class InboundExactlyOnce(int maximum)
{
    private const int LargestKept = 64;

    private HashSet<ushort>? _received;

    /// <summary>Received and not released; part of what the client may have in flight (section 3.3.4).</summary>
    public int Count => _received?.Count ?? 0;

    /// <summary>Whether a PUBLISH with this packet id waits for its PUBREL.</summary>
    public bool Contains(ushort packetId) => _received is not null && _received.Contains(packetId);

    /// <summary>PUBLISH at QoS 2.</summary>
    public InboundPublish Begin(ushort packetId)
    {
        if (_received is not null && _received.Contains(packetId))
        {
            return InboundPublish.Duplicate;
        }

        if (Count >= maximum)
        {
            return InboundPublish.OverQuota;
        }

        (_received ??= []).Add(packetId);
        return InboundPublish.New;
    }

    /// <summary>PUBREL, or a PUBREC sent with an error, which ends the exchange as well; false: the id is not known, 0x92.</summary>
    public bool Release(ushort packetId)
    {
        if (_received is null || !_received.Remove(packetId))
        {
            return false;
        }

        if (_received.Count == 0 && _received.Capacity > LargestKept)
        {
            _received = null;
        }

        return true;
    }
}
