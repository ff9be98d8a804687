namespace Broker.Protocol.Transport.Limits;

/// <summary>
/// A rate with a burst: tokens come at the rate, up to the burst, and what is done takes some. It may take more than there are, a whole packet for example;
/// then nothing should be done until the debt is paid, so that in the long run the rate holds whatever the pieces. Not safe for concurrent use.
/// </summary>
public sealed class TokenBucket
{
    // Tokens are counted in thousandths: so many come in a millisecond as whole ones in a second, and nothing is rounded.
    private const long Whole = 1_000;

    private readonly long _perMillisecond;
    private readonly long _most;
    private long _tokens;
    private long _filledAt;

    /// <summary>Full at the beginning.</summary>
    /// <param name="perSecond">Tokens that come in a second, 1 to 2^40.</param>
    /// <param name="burst">In how much time an empty one is full again, at most an hour. It has room for one token at least.</param>
    /// <param name="now">Milliseconds of a clock that never jumps.</param>
    public TokenBucket(long perSecond, TimeSpan burst, long now)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(perSecond);
        _perMillisecond = perSecond;
        _most = Math.Max(Whole, perSecond * (long)burst.TotalMilliseconds);
        _tokens = _most;
        _filledAt = now;
    }

    /// <summary>Takes so many, also those that are not there.</summary>
    public void Take(long tokens, long now)
    {
        Fill(now);
        _tokens -= tokens * Whole;
    }

    /// <summary>Milliseconds until there is a whole token; 0: there is.</summary>
    public long WaitForOne(long now)
    {
        Fill(now);
        return _tokens >= Whole ? 0 : (Whole - _tokens + _perMillisecond - 1) / _perMillisecond;
    }

    private void Fill(long now)
    {
        long elapsed = now - _filledAt;
        _filledAt = now;

        // Compared before it is multiplied: much time may have passed.
        _tokens = elapsed > (_most - _tokens) / _perMillisecond ? _most : _tokens + (elapsed * _perMillisecond);
    }
}
