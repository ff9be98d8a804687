using Broker.Actors.Connections;

namespace Broker.Actors.Sessions;

/// <summary>
/// The committed messages of a durable session that have not been sent: a page in memory, the rest in the store alone, so that a queue may be larger than
/// memory. Positions grow; some are passed over where the store has removed what had expired.
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
    private long _lastAsked;

    /// <summary>Everything behind <see cref="ReadPosition"/> up to here is in the page, as far as it still exists.</summary>
    private long _loaded;

    /// <summary>Queued messages, in memory or not.</summary>
    public long Count { get; private set; }

    /// <summary>Bytes of payload and topic of all of them.</summary>
    public long Bytes { get; private set; }

    /// <summary>The queue was read up to here.</summary>
    public long ReadPosition { get; private set; }

    /// <summary>Whether the next message must be read from the store.</summary>
    public bool NeedsPage => _page.Count == 0 && _loaded < _lastCommitted;

    /// <summary>As the store has it.</summary>
    public void Restore(long readPosition, long lastPosition, long count, long bytes) =>
        (ReadPosition, _loaded, _lastCommitted, Count, Bytes) = (readPosition, readPosition, lastPosition, count, bytes);

    /// <summary>A message has been committed.</summary>
    /// <param name="message">It follows all others.</param>
    /// <param name="keep">A client is connected that may be sent it soon.</param>
    public void Add(QueuedMessage message, bool keep)
    {
        var isNext = _loaded == _lastCommitted;
        _lastCommitted = message.Position;
        Count++;
        Bytes += message.Delivery.Publication.Size;
        if (keep && isNext && _page.Count < PageMessages && _pageBytes < PageBytes)
        {
            Append(message);
        }
    }

    /// <summary>A page is about to be read: answers the position that it follows.</summary>
    public long BeginPage()
    {
        _lastAsked = _lastCommitted;
        return _loaded;
    }

    /// <summary>What the store answered to a read behind <see cref="BeginPage"/>. Answers how many messages are not there any more, though they were counted.</summary>
    /// <param name="messages">In order.</param>
    /// <param name="isLast">Nothing more was committed behind them when they were read.</param>
    public long AddPage(IReadOnlyList<QueuedMessage> messages, bool isLast)
    {
        foreach (var message in messages)
        {
            // What is committed but not announced yet comes by Add; what was passed over meanwhile is gone.
            if (message.Position > _loaded && message.Position <= _lastCommitted)
            {
                Append(message);
            }
        }

        if (isLast)
        {
            _loaded = Math.Max(_loaded, _lastAsked);
        }

        if (_loaded < _lastCommitted)
        {
            return 0;
        }

        // All that is queued is at hand, so that it can be counted.
        var gone = Count - _page.Count;
        (Count, Bytes) = (_page.Count, _pageBytes);
        return gone;
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
            ReadPosition = Math.Max(ReadPosition, _loaded) + 1;
            _loaded = ReadPosition;
            if (ReadPosition >= _lastCommitted)
            {
                (Count, Bytes) = (0, 0);
            }
        }

        return ReadPosition;
    }

    /// <summary>Nobody is connected: the store has everything.</summary>
    public void Forget()
    {
        _page.Clear();
        _pageBytes = 0;
        _loaded = ReadPosition;
    }

    private void Append(QueuedMessage message)
    {
        _page.Enqueue(message);
        _pageBytes += message.Delivery.Publication.Size;
        _loaded = message.Position;
    }
}
