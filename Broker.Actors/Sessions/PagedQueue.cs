using Broker.Actors.Connections;

namespace Broker.Actors.Sessions;

/// <summary>
/// The committed messages of a durable session that have not been sent: a page in memory, the rest in the store alone, so that a queue may be larger than
/// memory. Positions follow one another without gaps.
/// </summary>
internal sealed class PagedQueue
{
    /// <summary>Messages that are kept in memory, or read at once.</summary>
    public const int PageMessages = 512;

    /// <summary>Bytes of them after which no more are.</summary>
    public const int PageBytes = 1024 * 1024;

    private readonly Queue<QueuedMessage> _page = [];
    private long _pageBytes;
    private long _lastCommitted;

    /// <summary>Queued messages, in memory or not.</summary>
    public long Count { get; private set; }

    /// <summary>Bytes of payload and topic of all of them.</summary>
    public long Bytes { get; private set; }

    /// <summary>The queue was read up to here.</summary>
    public long ReadPosition { get; private set; }

    /// <summary>Whether the next message must be read from the store.</summary>
    public bool NeedsPage => _page.Count == 0 && Count > 0;

    /// <summary>As the store has it.</summary>
    public void Restore(long readPosition, long lastPosition, long count, long bytes) =>
        (ReadPosition, _lastCommitted, Count, Bytes) = (readPosition, lastPosition, count, bytes);

    /// <summary>A message has been committed.</summary>
    /// <param name="message">It follows all others.</param>
    /// <param name="keep">A client is connected that may be sent it soon.</param>
    public void Add(QueuedMessage message, bool keep)
    {
        var isNext = Count == _page.Count;
        _lastCommitted = message.Position;
        Count++;
        Bytes += message.Delivery.Publication.Size;
        if (keep && isNext && _page.Count < PageMessages && _pageBytes < PageBytes)
        {
            Append(message);
        }
    }

    /// <summary>What the store answered to a read behind <see cref="ReadPosition"/>.</summary>
    public void AddPage(IReadOnlyList<QueuedMessage> messages)
    {
        foreach (var message in messages)
        {
            // What is committed but not announced yet comes by Add; what was passed over meanwhile is gone.
            if (message.Position > ReadPosition && message.Position <= _lastCommitted)
            {
                Append(message);
            }
        }
    }

    /// <summary>The next message, where it is in memory.</summary>
    public bool TryDequeue(out QueuedMessage message)
    {
        if (!_page.TryDequeue(out message))
        {
            return false;
        }

        var size = message.Delivery.Publication.Size;
        _pageBytes -= size;
        Bytes -= size;
        Count--;
        ReadPosition = message.Position;
        return true;
    }

    /// <summary>Passes over the oldest message to make room; answers its position.</summary>
    public long DropOldest()
    {
        if (!TryDequeue(out _))
        {
            // Its size is known to the store only; the average stands for it.
            Bytes -= Bytes / Count;
            Count--;
            ReadPosition++;
        }

        return ReadPosition;
    }

    /// <summary>Nobody is connected: the store has everything.</summary>
    public void Forget()
    {
        _page.Clear();
        _pageBytes = 0;
    }

    private void Append(QueuedMessage message)
    {
        _page.Enqueue(message);
        _pageBytes += message.Delivery.Publication.Size;
    }
}
