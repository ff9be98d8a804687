using System.Globalization;
using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.EndToEnd.Hostile;

/// <summary>Several event loops, however many cores there are.</summary>
public sealed class ManyLoopsBroker() : OwnBroker(["mqtt.event-loops=4"]);

/// <summary>Clients that subscribe and unsubscribe all the time, while messages are on their way to them.</summary>
public sealed class SubscriptionRaceSpecs(ManyLoopsBroker own) : IClassFixture<ManyLoopsBroker>
{
    private const int Publishers = 3;
    private const int Fickle = 8;
    private const int Cycles = 15;

    private readonly BrokerEndpoint _broker = own.Process.Endpoint;
    private readonly int[] _started = new int[Publishers];
    private readonly int[] _acknowledged = new int[Publishers];
    private readonly string _topic = Unique.Name("race");

    [Fact]
    public async Task Everything_between_SUBACK_and_UNSUBSCRIBE_comes_and_nothing_that_was_sent_after_UNSUBACK_does()
    {
        await using var faithful = await _broker.ConnectAsync(V5);
        await faithful.SubscribeAsync($"{_topic}/+", AtLeastOnce);
        using var stop = new CancellationTokenSource();

        var publishing = Enumerable.Range(0, Publishers).Select(publisher => PublishAsync(publisher, stop.Token)).ToArray();
        var all = ReceiveAllAsync(faithful);
        await Task.WhenAll(Enumerable.Range(0, Fickle).Select(ChangeAsync));
        await stop.CancelAsync();
        await Task.WhenAll(publishing);

        (await all).Should().Equal(_acknowledged, "who stays subscribed gets all, in order, and once");
        _acknowledged.Should().OnlyContain(count => count > Cycles);
    }

    private static (int Publisher, int Number) Parse(PublishPacket message) =>
        (int.Parse(message.Topic.Split('/')[^1], CultureInfo.InvariantCulture), int.Parse(message.Text(), CultureInfo.InvariantCulture));

    private async Task PublishAsync(int publisher, CancellationToken stop)
    {
        await using var client = await _broker.ConnectAsync(V5);
        while (!stop.IsCancellationRequested)
        {
            var number = ++_started[publisher];
            await client.PublishAsync($"{_topic}/{publisher}", $"{number}", AtLeastOnce);
            _acknowledged[publisher] = number;
        }

        await client.PublishAsync($"{_topic}/{publisher}", "0", AtLeastOnce);
    }

    /// <summary>The last number of each publisher, when each has said its last word.</summary>
    private static async Task<int[]> ReceiveAllAsync(RawClient faithful)
    {
        var last = new int[Publishers];
        for (var silent = 0; silent < Publishers;)
        {
            var (publisher, number) = Parse(await faithful.ReceiveAsync());
            if (number == 0)
            {
                silent++;
            }
            else
            {
                number.Should().Be(++last[publisher]);
            }
        }

        return last;
    }

    private async Task ChangeAsync(int which)
    {
        var spans = new List<Span>();
        await using var client = await _broker.ConnectAsync(V5);
        var filter = which % 2 == 0 ? $"{_topic}/+" : $"{_topic}/#";
        for (var cycle = 0; cycle < Cycles; cycle++)
        {
            var acknowledged = Copy(_acknowledged);
            await client.SubscribeAsync(filter, AtLeastOnce);
            var started = Copy(_started);
            await client.ReceiveTextsAsync(Publishers);
            var until = Copy(_acknowledged);
            await client.UnsubscribeAsync(filter);
            spans.Add(new Span(acknowledged, started, until, Copy(_started)));
        }

        (await client.AnswersAsync()).Should().BeTrue();
        var received = client.Received.OfType<PublishPacket>().Select(Parse).ToList();
        received.Should().OnlyHaveUniqueItems();
        for (var publisher = 0; publisher < Publishers; publisher++)
        {
            var numbers = received.Where(message => message.Publisher == publisher).Select(message => message.Number).ToList();
            numbers.Should().BeInAscendingOrder();
            spans.SelectMany(span => span.Certain(publisher)).Except(numbers).Should().BeEmpty("they were sent while it was subscribed");
            numbers.Except(spans.SelectMany(span => span.Possible(publisher))).Should().BeEmpty("it was not subscribed then");
        }
    }

    private static int[] Copy(int[] numbers) => [.. numbers.Select((_, i) => Volatile.Read(ref numbers[i]))];

    /// <summary>One time of being subscribed, in numbers of each publisher.</summary>
    /// <param name="BeforeSubscribe">Acknowledged before SUBSCRIBE was sent.</param>
    /// <param name="AtSubAck">Begun before SUBACK had come.</param>
    /// <param name="AtUnsubscribe">Acknowledged before UNSUBSCRIBE was sent.</param>
    /// <param name="AtUnsubAck">Begun before UNSUBACK had come.</param>
    private sealed record Span(int[] BeforeSubscribe, int[] AtSubAck, int[] AtUnsubscribe, int[] AtUnsubAck)
    {
        /// <summary>What it must get.</summary>
        public IEnumerable<int> Certain(int publisher) => From(AtSubAck[publisher], AtUnsubscribe[publisher]);

        /// <summary>What it may get.</summary>
        public IEnumerable<int> Possible(int publisher) => From(BeforeSubscribe[publisher], AtUnsubAck[publisher]);

        private static IEnumerable<int> From(int after, int to) => Enumerable.Range(after + 1, Math.Max(0, to - after));
    }
}
