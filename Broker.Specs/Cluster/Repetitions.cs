namespace Broker.Specs.Cluster;

/// <summary>How often a cluster spec tries: a short round by default, many with <c>test.sh --long</c>.</summary>
internal static class Repetitions
{
    /// <summary>One of the two numbers.</summary>
    public static int Of(int usual, int @long) => Environment.GetEnvironmentVariable("MQTT_LONG") == "1" ? @long : usual;
}
