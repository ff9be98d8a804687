using Broker.Specs.EndToEnd.Harness;
using Broker.Specs.EndToEnd.Management;

namespace Broker.Specs.EndToEnd.Hostile;

/// <summary>What a node holds for its clients, by its own counters.</summary>
internal sealed record NodeAtRest(double Connected, double Other, double Held, double Subscriptions, double Outbound, double Backlog, double Inflight, double Queued)
{
    private static readonly string[] HoldReasons = ["connecting", "subscribing", "unacknowledged", "congestion", "store", "membership", "link", "rate", "unread"];

    /// <summary>As it is now.</summary>
    public static async Task<NodeAtRest> OfAsync(HttpClient management)
    {
        var told = Exposition.Parse(await management.GetStringAsync(new Uri("/metrics", UriKind.Relative)));
        return new NodeAtRest(
            told.Value("mqtt_connections", "state=connected"),
            told.Value("mqtt_connections", "state=other"),
            HoldReasons.Sum(reason => told.Value("mqtt_connections_held", $"reason={reason}")),
            told.Value("mqtt_subscriptions"),
            told.Value("mqtt_outbound_messages"),
            told.Value("mqtt_delivery_backlog"),
            told.Value("mqtt_inflight_messages"),
            told.Value("mqtt_queue_messages"));
    }

    /// <summary>Waits until it is as it was.</summary>
    public async Task ExpectAgainAsync(HttpClient management)
    {
        NodeAtRest? now = null;
        await Eventually.HoldsAsync(async () => (now = await OfAsync(management)) == this, Deadline.ForPrograms);
        now.Should().Be(this, "what bad clients have left behind is gone with them");
    }
}
