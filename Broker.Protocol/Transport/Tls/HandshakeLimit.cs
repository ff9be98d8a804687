namespace Broker.Protocol.Transport.Tls;

/// <summary>
/// The handshakes that are under way on a listener. Where one too many begins, the oldest gives way: an honest client is done within
/// a few round trips, so what has been there for longest is what somebody began by the thousand and never went on with. Any thread.
/// </summary>
/// <param name="most">0: no limit.</param>
internal sealed class HandshakeLimit(int most)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<TlsHandler> _underWay = [];

    /// <summary>Begins one; the answer is for <see cref="Leave"/>.</summary>
    public LinkedListNode<TlsHandler> Enter(TlsHandler handshake)
    {
        TlsHandler? oldest = null;
        LinkedListNode<TlsHandler> place;
        lock (_lock)
        {
            place = _underWay.AddLast(handshake);
            if (most > 0 && _underWay.Count > most)
            {
                oldest = _underWay.First!.Value;
                _underWay.RemoveFirst();
            }
        }

        oldest?.GiveWay();
        return place;
    }

    /// <summary>It is complete, or has failed. No effect on one that has given way.</summary>
    public void Leave(LinkedListNode<TlsHandler> place)
    {
        lock (_lock)
        {
            if (place.List is not null)
            {
                _underWay.Remove(place);
            }
        }
    }
}
