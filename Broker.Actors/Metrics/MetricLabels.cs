using System.Diagnostics.Metrics;

namespace Broker.Actors.Metrics;

/// <summary>Measurements with the labels that several instruments have.</summary>
internal static class MetricLabels
{
    /// <summary>From clients.</summary>
    public const string Received = "received";

    /// <summary>To clients.</summary>
    public const string Sent = "sent";

    /// <summary>A value with one label.</summary>
    public static Measurement<long> With(this long value, string label, string text) => new(value, new KeyValuePair<string, object?>(label, text));

    /// <summary>A value of one direction.</summary>
    public static Measurement<long> To(this long value, string direction) => value.With("direction", direction);

    /// <summary>A value of one direction and QoS.</summary>
    public static Measurement<long> To(this long value, string direction, int qos) =>
        new(value, new KeyValuePair<string, object?>("direction", direction), new KeyValuePair<string, object?>("qos", qos));
}
