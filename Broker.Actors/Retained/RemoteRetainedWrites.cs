namespace Broker.Actors.Retained;

/// <summary>
/// Retained messages of other nodes that live subscribers here have got already, and this node's copy has not: what the copy has of their topics is out of date,
/// and must not be sent behind them. Any thread.
/// </summary>
internal sealed class RemoteRetainedWrites(TimeProvider time)
{
    /// <summary>A write that its owner refuses never reaches the copy: after this time it is forgotten.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private const int SweepAbove = 1000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Write> _byTopic = new(StringComparer.Ordinal);
    private int _sweepAt = SweepAbove;

    /// <summary>A live message with the RETAIN flag has come over a link.</summary>
    public void Announce(string topic, int origin, long number)
    {
        lock (_gate)
        {
            _byTopic[topic] = new Write(origin, number, time.GetTimestamp());
            if (_byTopic.Count > _sweepAt)
            {
                Sweep();
            }
        }
    }

    /// <summary>The copy has a write.</summary>
    public void Applied(string topic, int origin, long number)
    {
        lock (_gate)
        {
            if (_byTopic.TryGetValue(topic, out var write) && write.Origin == origin && write.Number <= number)
            {
                _byTopic.Remove(topic);
            }
        }
    }

    /// <summary>Whether one that comes behind the barriers is on its way to the copy.</summary>
    public bool IsBeingWritten(string topic, RetainedBarriers barriers)
    {
        lock (_gate)
        {
            return _byTopic.TryGetValue(topic, out var write)
                && barriers.IsPassedBy(write.Origin, write.Number)
                && time.GetElapsedTime(write.Since) < Longest;
        }
    }

    private void Sweep()
    {
        foreach (var (topic, write) in _byTopic)
        {
            if (time.GetElapsedTime(write.Since) >= Longest)
            {
                _byTopic.Remove(topic);
            }
        }

        _sweepAt = Math.Max(SweepAbove, 2 * _byTopic.Count);
    }

    private readonly record struct Write(int Origin, long Number, long Since);
}
