using Broker.Actors.Metrics;
using Broker.Actors.Routing;

namespace Broker.Actors.Connections;

/// <summary>
/// How long messages take, measured on few of them: on each event loop the first that is read every <see cref="SampleEvery"/>. What was read with it waits for less, so
/// that the times are rather too long. A message that is not measured pays for a look at two fields.
/// </summary>
internal sealed class PublishTimes
{
    /// <summary>Milliseconds between two messages of a loop that are measured.</summary>
    public const long SampleEvery = 50;

    /// <summary>Of a message that is not measured.</summary>
    public const uint NotMeasured = 0;

    private readonly TimeProvider _time;

    public PublishTimes(TimeProvider time) => _time = time;

    /// <summary>Gets the seconds of matching a message and handing it to all it goes to. Set once, before the first connection. Any thread.</summary>
    public Action<double> Routed { get; set; } = static _ => { };

    /// <summary>Gets the seconds from reading a message to handing it to a subscriber's socket. Set once, before the first connection. Any thread.</summary>
    public Action<double> Delivered { get; set; } = static _ => { };

    /// <summary>Gets the seconds from reading a QoS 1 message to its PUBACK. Set once, before the first connection. Any thread.</summary>
    public Action<double> Acknowledged { get; set; } = static _ => { };

    /// <summary>The same, as spans.</summary>
    public MessageSpans Spans { get; } = new();

    /// <summary>A measured message has been handed to all it goes to.</summary>
    public void OnRouted(Publication publication)
    {
        var seconds = Since(publication.Stamp);
        Routed(seconds);
        Spans.Published(publication, seconds);
    }

    /// <summary>It has been handed to sockets of one event loop.</summary>
    public void OnDelivered(uint stamp)
    {
        var seconds = Since(stamp);
        Delivered(seconds);
        Spans.Delivered(stamp, seconds);
    }

    /// <summary>It has been acknowledged.</summary>
    public void OnAcknowledged(uint stamp)
    {
        var seconds = Since(stamp);
        Acknowledged(seconds);
        Spans.Acknowledged(stamp, seconds);
    }

    /// <summary>Now, for <see cref="Since"/>; never <see cref="NotMeasured"/>.</summary>
    public uint Stamp() => (uint)Microseconds() is not NotMeasured and var stamp ? stamp : uint.MaxValue;

    /// <summary>Seconds since a stamp, which is no older than an hour: it has 32 bits of microseconds.</summary>
    public double Since(uint stamp) => ((uint)Microseconds() - stamp) / 1e6;

    private long Microseconds() => (long)_time.GetElapsedTime(0).TotalMicroseconds;
}
