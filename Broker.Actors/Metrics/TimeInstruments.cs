using System.Diagnostics.Metrics;
using Broker.Actors.Connections;

namespace Broker.Actors.Metrics;

/// <summary>How long messages take.</summary>
internal static class TimeInstruments
{
    private static readonly InstrumentAdvice<double> Handling = new()
    {
        HistogramBucketBoundaries = [0.000_001, 0.000_002_5, 0.000_005, 0.000_01, 0.000_025, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.005, 0.01, 0.1],
    };

    private static readonly InstrumentAdvice<double> Waiting = new()
    {
        HistogramBucketBoundaries = [0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60],
    };

    public static void Create(Meter meter, PublishTimes times)
    {
        times.Routed = meter.CreateHistogram("mqtt.routing.duration", "s", "Seconds for matching a message and handing it to all it goes to.", tags: null, Handling).Record;
        times.Delivered = meter.CreateHistogram("mqtt.delivery.duration", "s", "Seconds from reading a message to handing it to a subscriber's socket.", tags: null, Waiting).Record;
        times.Acknowledged = meter.CreateHistogram("mqtt.acknowledgement.duration", "s", "Seconds from reading a QoS 1 message to its PUBACK.", tags: null, Waiting).Record;
    }
}
