using System.Globalization;

namespace Broker.Specs.Durable.Crash;

/// <summary>How long campaigns are.</summary>
internal static class Campaign
{
    /// <summary><c>MQTT_LONG=1</c>, which <c>test.sh --long</c> sets.</summary>
    public static bool IsLong => Environment.GetEnvironmentVariable("MQTT_LONG") == "1";

    /// <summary>Rounds of a crash campaign.</summary>
    public static int Rounds => IsLong ? 50 : 5;

    /// <summary><c>MQTT_SEED</c>, or another with each run, apart from that of the other campaigns of the run.</summary>
    public static int Seed(int campaign) =>
        Environment.GetEnvironmentVariable("MQTT_SEED") is { Length: > 0 } given
            ? int.Parse(given, CultureInfo.InvariantCulture)
            : Random.Shared.Next(1, 1_000_000) + (campaign * 1_000_000);
}
