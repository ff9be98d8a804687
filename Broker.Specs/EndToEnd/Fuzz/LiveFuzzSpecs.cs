using System.Net;
using System.Net.Sockets;
using Broker.Protocol.Codec;
using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using Broker.Specs.Protocol.Codec;

namespace Broker.Specs.EndToEnd.Fuzz;

/// <summary>Hostile clients by the thousand at a live listener, and one healthy client among them.</summary>
public class LiveFuzzSpecs
{
    private const int Attackers = 4;
    private const int PacketsEach = 50_000;
    private const int MostPacketsOnAConnection = 12;
    private const long MemoryBound = 600L * 1024 * 1024;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Mutated_packets_disturb_neither_the_broker_nor_its_other_clients()
    {
        await using var broker = await BrokerProcess.StartAsync("mqtt.limits.max-session-expiry=2s", "mqtt.logging.level=error");
        await using var healthy = await broker.Endpoint.ConnectAsync(ProtocolVersion.V5);
        var topic = Unique.Name("healthy");
        await healthy.SubscribeAsync(topic, QualityOfService.AtLeastOnce);
        using var end = new CancellationTokenSource(Longest);

        var attacks = Task.WhenAll(Enumerable.Range(0, Attackers).Select(number => Task.Run(() => AttackAsync(broker.Endpoint, seed: number, end.Token))));
        var exchanged = 0;
        var largest = 0L;
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!attacks.IsCompleted)
        {
            await pace.WaitForNextTickAsync();
            await healthy.PublishAsync(topic, $"{++exchanged}", QualityOfService.AtLeastOnce);
            (await healthy.ReceiveAsync()).Text().Should().Be($"{exchanged}");
            largest = Math.Max(largest, broker.ResidentBytes);
        }

        var results = await attacks;
        results.Sum(result => result.Sent).Should().BeGreaterThan(20_000, "otherwise little was tried");
        results.Sum(result => result.Refused).Should().BeGreaterThan(1_000, "otherwise little of it was wrong");
        exchanged.Should().BeGreaterThan(50);
        largest.Should().BeLessThan(MemoryBound);
        await healthy.ExpectNothingAsync();
        (await broker.ProbeAsync()).Should().Be(HttpStatusCode.OK);
        broker.Endpoint.Transcript().Should().NotContain("Exception", "what clients send is no surprise to the broker");
    }

    /// <summary>Many connections, one after another; answers how many packets they sent, and how many connections the broker ended.</summary>
    private static async Task<(int Sent, int Refused)> AttackAsync(BrokerEndpoint broker, int seed, CancellationToken end)
    {
        var mutator = new PacketMutator(seed);
        var version = seed % 2 == 0 ? ProtocolVersion.V5 : ProtocolVersion.V311;
        var corpus = PacketGenerators.Corpus(PeerRole.Client, version, (uint)seed + 1, 400);
        int sent = 0, refused = 0;
        while (sent < PacketsEach && !end.IsCancellationRequested)
        {
            using var connection = new TcpClient { NoDelay = true, LingerState = new LingerOption(true, 0) };
            await connection.ConnectAsync(broker.Host, broker.Port, CancellationToken.None);
            var packets = await SendUntilClosedAsync(connection.Client, corpus, mutator, version);
            sent += packets;
            refused += packets < MostPacketsOnAConnection ? 1 : 0;
        }

        return (sent, refused);
    }

    private static async Task<int> SendUntilClosedAsync(Socket socket, byte[][] corpus, PacketMutator mutator, ProtocolVersion version)
    {
        // Some attackers wait for what a packet causes, others have sent the next ones before. Poll counts in whole milliseconds.
        var patienceInMicroseconds = mutator.Next(2) * 1_000;
        var sent = 0;
        try
        {
            // Mostly behind a valid CONNECT, so that more than the first packet is tried.
            if (mutator.Next(10) > 0)
            {
                var connect = new ConnectPacket { Version = version, ClientId = $"fuzz-{mutator.Next(100)}" };
                await socket.SendAsync(CodecHarness.Encode(connect, version));
                await socket.ReceiveAsync(new byte[256]);
            }

            for (; sent < MostPacketsOnAConnection; sent++)
            {
                await SendInFragmentsAsync(socket, mutator.Mutate(corpus[mutator.Next(corpus.Length)], corpus[mutator.Next(corpus.Length)]), mutator);
                if (socket.Poll(patienceInMicroseconds, SelectMode.SelectRead) && await socket.ReceiveAsync(new byte[65_536]) == 0)
                {
                    break;
                }
            }
        }
        catch (SocketException)
        {
            // The broker has closed the connection, as it should when it has enough.
        }

        return sent;
    }

    private static async Task SendInFragmentsAsync(Socket socket, byte[] packet, PacketMutator mutator)
    {
        for (var at = 0; at < packet.Length;)
        {
            var length = mutator.NextFragment(packet.Length - at);
            await socket.SendAsync(packet.AsMemory(at, length));
            at += length;
        }
    }
}
