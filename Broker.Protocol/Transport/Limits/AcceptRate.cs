namespace Broker.Protocol.Transport.Limits;

/// <summary>
/// How fast a listener accepts. What comes faster waits in the kernel's backlog: after a failover clients come by the thousand at once, and each that is
/// turned away comes again at once. For one caller at a time.
/// </summary>
internal sealed class AcceptRate
{
    private static readonly TimeSpan Burst = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;
    private readonly TokenBucket _bucket;

    private AcceptRate(int perSecond, TimeProvider time)
    {
        _time = time;
        _bucket = new TokenBucket(perSecond, Burst, Now);
    }

    private long Now => _time.GetTimestamp() / (_time.TimestampFrequency / 1_000);

    /// <summary>Null where there is no limit.</summary>
    public static AcceptRate? For(ListenerOptions options, TimeProvider time) =>
        options.MaxConnectionRate > 0 ? new AcceptRate(options.MaxConnectionRate, time) : null;

    /// <summary>How long nothing may be accepted; zero: the next one is counted as accepted now.</summary>
    public TimeSpan TakeOrWait()
    {
        long wait = _bucket.WaitForOne(Now);
        if (wait == 0)
        {
            _bucket.Take(1, Now);
        }

        return TimeSpan.FromMilliseconds(wait);
    }

    /// <summary>There was no connection to be accepted.</summary>
    public void GiveBack() => _bucket.Take(-1, Now);
}
