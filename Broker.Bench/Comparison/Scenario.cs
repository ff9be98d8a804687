namespace Broker.Bench.Comparison;

/// <summary>A load, and the figure that is compared.</summary>
/// <param name="Arguments">Of <c>mqload</c>.</param>
/// <param name="Figure">The member of its answer, or of what the answer says of this load alone.</param>
/// <param name="Scale">What the member is divided by.</param>
/// <param name="Seconds">How long is measured, behind one second that is not; 0: the load ends by itself.</param>
/// <param name="NeedsFreshBroker">Whether each run has a process of its own: memory that an earlier load took is not given back.</param>
/// <param name="MostBusy">More of the machine than this in use by others, in cores: the run says nothing.</param>
internal sealed record Scenario(
    string Arguments, string Figure = "broker_cpu_us_per_delivered", double Scale = 1, int Seconds = 3, bool NeedsFreshBroker = false, double MostBusy = 0.25)
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("pairs --pubs 100 --subs 100 --qos 0 --window 64"),
        new("pairs --pubs 100 --subs 100 --qos 0 --window 1 --batch 1"),
        new("pairs --pubs 100 --subs 100 --qos 1 --window 16"),
        new("pairs --pubs 100 --subs 100 --qos 2 --window 16"),
        new("fanout --pubs 1 --subs 500 --window 4"),
        new("fanin --pubs 500 --subs 1 --window 8"),
        new("shared --pubs 50 --subs 10 --qos 1 --window 8 --v5"),
        new("wildcard --subs 50 --pubs 50 --subscriptions 100000"),
        new("pairs --pubs 1000 --subs 1000 --qos 1 --rate 10000"),

        // The kernel ends connections in threads of its own: 0.4 cores on a machine that does nothing else.
        new("churn --concurrency 50", "broker_cpu_us_per_connection", MostBusy: 0.6),
        new("idle --connections 5000 --subscribe 1", "broker_rss_per_conn_bytes", 1024, NeedsFreshBroker: true),
    ];
}
