namespace Broker.Specs.EndToEnd.Harness;

/// <summary>Names that no other spec uses: specs share a broker, and a broker that is not ours may remember earlier runs.</summary>
internal static class Unique
{
    private static readonly string Run = Guid.NewGuid().ToString("N")[..8];
    private static int _count;

    /// <summary>A name that starts with <paramref name="meaning"/>; at most 23 bytes where that is short, as MQTT 3.1 wants of client ids.</summary>
    public static string Name(string meaning) => $"{meaning}-{Run}{Interlocked.Increment(ref _count)}";
}
