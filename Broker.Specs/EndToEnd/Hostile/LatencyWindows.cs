using System.Collections.Concurrent;
using System.Diagnostics;

namespace Broker.Specs.EndToEnd.Hostile;

/// <summary>
/// How long messages took, by the second in which they were sent. A phase's p99 is the median of those of its seconds: one pause of the machine, which has nothing to do with the broker, spoils one
/// second; a broker that is slower spoils them all.
/// </summary>
internal sealed class LatencyWindows
{
    private readonly ConcurrentQueue<(long Sent, long Received)> _samples = [];

    /// <summary>Both as <see cref="Stopwatch.GetTimestamp"/>. Any thread.</summary>
    public void Add(long sent, long received) => _samples.Enqueue((sent, received));

    /// <summary>p99 of all messages of a phase, in ms.</summary>
    public double Whole(Phase phase) => Percentile([.. Of(phase).Select(Milliseconds)]);

    /// <summary>The median of the p99 of each of its seconds, in ms.</summary>
    public double Typical(Phase phase)
    {
        var seconds = Of(phase).GroupBy(sample => (sample.Sent - phase.From) / Stopwatch.Frequency).Select(second => Percentile([.. second.Select(Milliseconds)])).Order().ToArray();
        return seconds[seconds.Length / 2];
    }

    private static double Milliseconds((long Sent, long Received) sample) => (sample.Received - sample.Sent) * 1_000.0 / Stopwatch.Frequency;

    private static double Percentile(double[] milliseconds)
    {
        Array.Sort(milliseconds);
        return milliseconds[(milliseconds.Length - 1) * 99 / 100];
    }

    private IEnumerable<(long Sent, long Received)> Of(Phase phase) => _samples.Where(sample => sample.Sent >= phase.From && sample.Sent < phase.To);
}

/// <summary>A part of a run, as <see cref="Stopwatch.GetTimestamp"/>.</summary>
internal readonly record struct Phase(long From, long To);
