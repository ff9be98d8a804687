using Broker.Specs.Durable.Crash;
using Broker.Specs.EndToEnd.Harness;
using Xunit.Abstractions;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.Cluster.Harness;

/// <summary>
/// Publishers and subscribers with durable sessions that come through the load balancer, while something happens to the nodes: nothing acknowledged is lost,
/// QoS 2 comes once, the order of each publisher, topic and QoS is kept (promises 2 to 4).
/// </summary>
internal sealed class ClusterCampaign(TestCluster cluster, int seed, ITestOutputHelper output)
{
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(120);

    private readonly CrashRecord _record = new() { AllowsSilence = true, HasOtherNodes = true };

    /// <summary>Waits until this much more has been acknowledged or received.</summary>
    public Task MoveOnAsync(long events) => _record.ReachAsync(events).WaitAsync(Deadline.ForBrokers);

    /// <summary>Runs <paramref name="happening"/> under load; answers one line for each broken promise.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(Func<ClusterCampaign, Task> happening)
    {
        output.WriteLine($"seed {seed}");
        var root = Unique.Name("campaign");
        using var stop = new CancellationTokenSource();
        var running = new List<Task>();
        try
        {
            var subscribers = Subscribers(root);
            running.AddRange(subscribers.Select(subscriber => subscriber.RunAsync(cluster.Endpoint, stop.Token)));
            await Task.WhenAll(subscribers.Select(subscriber => subscriber.Started)).WaitAsync(Deadline.ForPrograms);
            var publishers = Publishers(root);
            running.AddRange(publishers.Select(publisher => publisher.RunAsync(cluster.Endpoint, stop.Token)));
            await MoveOnAsync(200);

            await happening(this);

            await MoveOnAsync(200);
            Array.ForEach(publishers, publisher => publisher.Finish());
            Array.ForEach(subscribers, subscriber => subscriber.Finish());
            if (!await Eventually.HoldsAsync(() => Task.FromResult(publishers.All(publisher => publisher.Finished.IsCompleted)), DrainLimit))
            {
                _record.Report("publishes remain without an acknowledgement");
            }
            else if (!await Eventually.HoldsAsync(() => Task.FromResult(_record.IsComplete()), DrainLimit))
            {
                // While the clients are still connected: lost, or held?
                output.WriteLine(await cluster.DescribeSessionsAsync(root));
            }
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(running);
        }

        output.WriteLine($"published {_record.Topics.Values.Sum(topic => topic.Published)}, acknowledged {_record.Topics.Values.Sum(topic => topic.Acknowledged.Count)}, received "
            + string.Join(", ", _record.Readers.Select(reader => $"{reader.Key} {reader.Value.Received.Values.Sum(numbers => numbers.Count)}")));
        var broken = CrashChecker.Check(_record);
        if (broken.Count > 0)
        {
            output.WriteLine(await cluster.DescribeAsync());
        }

        return broken;
    }

    private CrashSubscriber[] Subscribers(string root) =>
    [
        new($"{root}-v5-qos2", V5, root + "/#", ExactlyOnce, away: 0, _record, seed + 1),
        new($"{root}-v3-qos2", V311, root + "/#", ExactlyOnce, away: 0, _record, seed + 2),
        new($"{root}-v5-qos1", V5, root + "/#", AtLeastOnce, away: 0, _record, seed + 3),
        new($"{root}-away-qos2", V5, root + "/+/+", ExactlyOnce, away: 500, _record, seed + 4),
    ];

    private CrashPublisher[] Publishers(string root) =>
    [
        new($"{root}-w1", V5, root, _record, seed + 5),
        new($"{root}-w2", V5, root, _record, seed + 6),
        new($"{root}-w3", V311, root, _record, seed + 7),
    ];
}
