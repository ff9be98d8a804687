using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Broker.Actors.Storage;

/// <summary>
/// The time that all nodes share, by which messages expire: the database's when it was asked last, and what has passed since then by a clock that never jumps, so that a step of the node's own expires
/// nothing. Where nothing was measured it is the node's own. Any thread.
/// </summary>
/// <param name="time">The node's clock.</param>
/// <param name="logger">Told once when the two are too far apart, once when they are not any more.</param>
internal sealed partial class StoreClock(TimeProvider time, ILogger? logger = null)
{
    /// <summary>Nodes whose clocks are further off are told of. What expires does so by the database all the same; logs, tokens and certificates go by the node's clock.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);

    /// <summary>An answer that took longer says too little: half of it is how wrong the measurement may be.</summary>
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(1);

    private readonly ILogger _logger = logger ?? NullLogger.Instance;
    private volatile Anchor? _anchor;
    private bool _isOff;

    /// <summary>Milliseconds since 1970 UTC.</summary>
    public long UtcNow => _anchor is { } anchor ? anchor.Database + (long)time.GetElapsedTime(anchor.At).TotalMilliseconds : Now;

    /// <summary>What the database's clock is ahead of this node's; negative: it is behind.</summary>
    public TimeSpan Offset => TimeSpan.FromMilliseconds(UtcNow - Now);

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Measures again. One caller at a time.</summary>
    /// <param name="read">Asks the database for its milliseconds since 1970 UTC.</param>
    /// <exception cref="StorageException">It does not answer; what was measured before holds.</exception>
    public async Task MeasureAsync(Func<Task<long>> read)
    {
        var sentAt = time.GetTimestamp();
        var database = await read().ConfigureAwait(false);
        var took = time.GetElapsedTime(sentAt);
        if (took > LongestAnswer && _anchor is not null)
        {
            return;
        }

        // As if it had looked at its clock in the middle.
        _anchor = new Anchor(database + (long)(took.TotalMilliseconds / 2), time.GetTimestamp());
        Tell();
    }

    private void Tell()
    {
        var offset = Offset;
        var isOff = offset.Duration() > Tolerance;
        if (isOff == _isOff)
        {
            return;
        }

        _isOff = isOff;
        if (isOff)
        {
            Off(_logger, offset.TotalSeconds);
        }
        else
        {
            OnTime(_logger, offset.TotalSeconds);
        }
    }

    /// <param name="Database">Its time, in milliseconds since 1970 UTC.</param>
    /// <param name="At">The timestamp at which it was that.</param>
    private sealed record Anchor(long Database, long At);

    [LoggerMessage(
        LogLevel.Warning,
        "The database's clock is {Offset:0.0} s ahead of this node's (negative: behind): have this machine's clock set, by NTP. Messages, sessions and wills go by the database's meanwhile")]
    private static partial void Off(ILogger logger, double offset);

    [LoggerMessage(LogLevel.Information, "This node's clock and the database's agree again, within {Offset:0.0} s")]
    private static partial void OnTime(ILogger logger, double offset);
}
