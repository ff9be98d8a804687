using Broker.Protocol.Transport.Limits;

namespace Broker.Actors.Tracing;

/// <summary>
/// One trace on this node: lines from any thread, which wait until they are fetched. What comes faster than the rate, or than it is fetched, is counted and
/// not kept.
/// </summary>
/// <param name="id">The same on all nodes.</param>
/// <param name="request">What is wanted.</param>
/// <param name="time">The clock.</param>
internal sealed class NodeTrace(string id, TraceRequest request, TimeProvider time)
{
    /// <summary>Lines that wait at most: a second at the highest rate.</summary>
    public const int MostWaiting = TraceRequest.HighestRate;

    private static readonly TimeSpan Burst = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Queue<TraceLine> _waiting = new();
    private readonly TokenBucket _rate = new(request.Rate, Burst, Tick(time));
    private long _leftOut;
    private TraceBatch _last = new(time.GetUtcNow().ToUnixTimeMilliseconds(), [], 0);

    public string Id => id;

    public TraceFilter Filter => request.Filter;

    /// <summary>When it was last fetched from, by <see cref="TimeProvider.GetTimestamp"/>.</summary>
    public long FetchedAt { get; private set; } = time.GetTimestamp();

    /// <summary>Whether the rate has room for a line. False: it is counted as left out, and need not be made.</summary>
    public bool TryTake()
    {
        lock (_gate)
        {
            var now = Tick(time);
            if (_waiting.Count < MostWaiting && _rate.WaitForOne(now) == 0)
            {
                _rate.Take(1, now);
                return true;
            }

            _leftOut++;
            return false;
        }
    }

    /// <summary>A line that <see cref="TryTake"/> had room for, or one of the trace's own.</summary>
    public void Add(TraceLine line)
    {
        lock (_gate)
        {
            _waiting.Enqueue(line);
        }
    }

    /// <summary>The next lines, or the last ones again where they were not confirmed: their answer was lost.</summary>
    /// <param name="confirmed">The number of the last batch that arrived.</param>
    /// <param name="most">Lines at most.</param>
    public TraceBatch Fetch(long confirmed, int most)
    {
        lock (_gate)
        {
            FetchedAt = time.GetTimestamp();
            if (_last.IsEmpty || _last.Number == confirmed)
            {
                var lines = new List<TraceLine>();
                while (lines.Count < most && _waiting.TryDequeue(out var line))
                {
                    lines.Add(line);
                }

                _last = new TraceBatch(lines.Count > 0 || _leftOut > 0 ? _last.Number + 1 : _last.Number, lines, _leftOut);
                _leftOut = 0;
            }

            return _last;
        }
    }

    private static long Tick(TimeProvider time) => time.GetTimestamp() / (time.TimestampFrequency / 1000);
}

/// <summary>Lines that are fetched together.</summary>
/// <param name="Number">Grows with each batch that has something; it begins with the clock, so that no two traces of a node have the same.</param>
/// <param name="Lines">In the order in which they happened.</param>
/// <param name="LeftOut">Lines that are not among them.</param>
internal sealed record TraceBatch(long Number, IReadOnlyList<TraceLine> Lines, long LeftOut)
{
    public bool IsEmpty => Lines.Count == 0 && LeftOut == 0;
}
