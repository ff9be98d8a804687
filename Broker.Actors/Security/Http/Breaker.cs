namespace Broker.Actors.Security.Http;

/// <summary>
/// Spares a service that fails, and those who would wait for it: after so many failures in a row nobody asks for a while, then one does, and its success lets all ask again.
/// Any thread.
/// </summary>
/// <param name="failures">In a row.</param>
/// <param name="pause">While nobody asks.</param>
/// <param name="time">The clock.</param>
internal sealed class Breaker(int failures, TimeSpan pause, TimeProvider time)
{
    private readonly Lock _lock = new();
    private int _failed;
    private long _pausedAt;

    /// <summary>Whether the service may be asked now; who may must tell how it went.</summary>
    public bool TryEnter()
    {
        lock (_lock)
        {
            if (_failed < failures)
            {
                return true;
            }

            if (time.GetElapsedTime(_pausedAt) < pause)
            {
                return false;
            }

            // One tries; until it has told, or the pause is over again, the others do not.
            _pausedAt = time.GetTimestamp();
            return true;
        }
    }

    /// <summary>The service has answered.</summary>
    public void Succeed()
    {
        lock (_lock)
        {
            _failed = 0;
        }
    }

    /// <summary>It has not.</summary>
    public void Fail()
    {
        lock (_lock)
        {
            if (++_failed >= failures)
            {
                _pausedAt = time.GetTimestamp();
            }
        }
    }
}
