using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using Xunit.Abstractions;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.Durable.Crash;

/// <summary>
/// Publishers and subscribers with durable sessions, and a fault, round after round: the broker is killed (SIGKILL) and started again on the same
/// data, or its database is. The moment is drawn as a number of acknowledgements and receptions since the start of the round, few as likely as many,
/// so that some rounds end while clients still resume their sessions.
/// </summary>
/// <param name="seed">Of the moments, and of what the clients do.</param>
/// <param name="rounds">How often.</param>
/// <param name="output">Where the seed and the moments are logged.</param>
/// <param name="fault">Null: the broker is killed.</param>
internal sealed class CrashCampaign(int seed, int rounds, ITestOutputHelper output, Func<Task>? fault = null)
{
    private const double MostEvents = 3000;

    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(90);

    /// <summary>Runs it; answers one line for each broken promise.</summary>
    /// <param name="settings">Of the broker.</param>
    public async Task<IReadOnlyList<string>> RunAsync(params string[] settings)
    {
        output.WriteLine($"seed {seed}, {rounds} rounds");
        var record = new CrashRecord();
        var random = new Random(seed);
        var brokers = new Stack<BrokerProcess>();
        using var stop = new CancellationTokenSource();
        var running = new List<Task>();
        try
        {
            brokers.Push(await BrokerProcess.StartAsync([.. settings, "mqtt.limits.max-queued-messages=0", "mqtt.limits.max-queued-bytes=0"]));
            var broker = brokers.Peek().Endpoint;
            var subscribers = Subscribers(record);
            running.AddRange(subscribers.Select(subscriber => subscriber.RunAsync(broker, stop.Token)));
            await Task.WhenAll(subscribers.Select(subscriber => subscriber.Started)).WaitAsync(Deadline.ForPrograms);
            var publishers = Publishers(record);
            running.AddRange(publishers.Select(publisher => publisher.RunAsync(broker, stop.Token)));

            for (var round = 1; round <= rounds; round++)
            {
                var events = (long)Math.Pow(MostEvents, random.NextDouble());
                await record.ReachAsync(events).WaitAsync(Deadline.ForBrokers);
                output.WriteLine($"round {round}: after {events} events of this round, {record.Events} in all");
                if (fault is not null)
                {
                    await fault();
                    continue;
                }

                await brokers.Peek().KillAsync();
                brokers.Push(await brokers.Peek().StartAgainAsync());
            }

            Array.ForEach(publishers, publisher => publisher.Finish());
            Array.ForEach(subscribers, subscriber => subscriber.Finish());
            await FinishAsync(record, publishers);
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(running);
            while (brokers.TryPop(out var broker))
            {
                output.WriteLine(broker.Endpoint.Transcript());
                await broker.DisposeAsync();
            }
        }

        var published = record.Topics.Values.Sum(topic => topic.Published);
        output.WriteLine($"published {published}, acknowledged {record.Topics.Values.Sum(topic => topic.Acknowledged.Count)}, received "
            + string.Join(", ", record.Readers.Select(reader => $"{reader.Key} {reader.Value.Received.Values.Sum(numbers => numbers.Count)}")));
        published.Should().BeGreaterThan(rounds, "a campaign that publishes nothing proves nothing");
        return CrashChecker.Check(record);
    }

    private CrashSubscriber[] Subscribers(CrashRecord record) =>
    [
        new("reader-v5-qos2", V5, "crash/#", ExactlyOnce, away: 0, record, seed + 1),
        new("reader-v3-qos2", V311, "crash/#", ExactlyOnce, away: 0, record, seed + 2),
        new("reader-v5-qos1", V5, "crash/#", AtLeastOnce, away: 0, record, seed + 3),
        new("reader-away-qos2", V5, "crash/+/+", ExactlyOnce, away: 2000, record, seed + 4),
    ];

    private CrashPublisher[] Publishers(CrashRecord record) =>
    [
        new("writer-v5-a", V5, "crash", record, seed + 5),
        new("writer-v5-b", V5, "crash", record, seed + 6),
        new("writer-v3", V311, "crash", record, seed + 7),
    ];

    private static async Task FinishAsync(CrashRecord record, CrashPublisher[] publishers)
    {
        if (await Eventually.HoldsAsync(() => Task.FromResult(publishers.All(publisher => publisher.Finished.IsCompleted)), DrainLimit))
        {
            await Eventually.HoldsAsync(() => Task.FromResult(record.IsComplete()), DrainLimit);
        }
        else
        {
            record.Report("publishes remain without an acknowledgement");
        }
    }
}
