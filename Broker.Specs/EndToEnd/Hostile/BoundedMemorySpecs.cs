using System.Net.Sockets;
using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using Broker.Specs.EndToEnd.Management;
using Broker.Specs.Protocol.Codec;

namespace Broker.Specs.EndToEnd.Hostile;

/// <summary>Clients that make the broker keep something for them, and never do what would let it go.</summary>
public sealed class BoundedMemorySpecs(OwnBroker own) : IClassFixture<OwnBroker>
{
    private const int Most = 64 * 1_024 * 1_024;

    [Fact]
    public async Task Who_asks_without_end_and_does_not_read_is_not_read_from_and_then_gets_every_answer()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(own.Process.Endpoint.Host, own.Process.Endpoint.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(CodecHarness.Encode(new ConnectPacket { Version = ProtocolVersion.V311, ClientId = Unique.Name("asks") }, ProtocolVersion.V311));
        await stream.ReadExactlyAsync(new byte[4]);
        using var stop = new CancellationTokenSource();

        var asking = AskAsync(stream, stop.Token);
        (await HeldAsync(1)).Should().BeTrue("the broker should read no more from it");
        await stop.CancelAsync();
        var asked = await asking;
        asked.Should().BeLessThan(Most, "TCP should hold it");

        // What was cut in the middle is completed, so that there is an answer to each.
        var rest = asked % 2;
        var answers = ReadAsync(stream, (asked + rest) / 2);
        await stream.WriteAsync(new byte[rest]);
        (await answers).Should().BeTrue("every answer is D0 00");
        (await HeldAsync(0)).Should().BeTrue();
    }

    [Fact]
    public async Task Who_goes_away_without_having_read_an_answer_is_gone()
    {
        using var client = await HostileConnection.ConnectAsync(own.Process.Endpoint, ProtocolVersion.V311, Unique.Name("asks"));
        using var stop = new CancellationTokenSource();
        var asking = client.SendAsync(Pings(Most), stop.Token);
        (await HeldAsync(1)).Should().BeTrue();

        await stop.CancelAsync();
        await asking;
        client.Reset();

        (await Eventually.HoldsAsync(async () => await ValueAsync("mqtt_connections", "state=connected") == 0, Deadline.ForPackets)).Should().BeTrue();
    }

    [Fact]
    public async Task QoS_2_messages_that_are_never_released_take_what_their_packet_ids_take()
    {
        const long MostGrowth = 64 * 1_024 * 1_024;
        using var client = await HostileConnection.ConnectAsync(own.Process.Endpoint, ProtocolVersion.V311, Unique.Name("unreleased"));
        var publishes = Enumerable.Range(1, ushort.MaxValue).SelectMany(id => Wire.Packet("34", $"<unreleased> {id:X4} 'x'")).ToArray();
        (await client.AnswersAsync(publishes, Wire.Bytes("50 02 FFFF"))).Should().BeTrue();
        var once = own.Process.ResidentBytes;

        for (var again = 0; again < 5; again++)
        {
            (await client.AnswersAsync(publishes, Wire.Bytes("50 02 FFFF"))).Should().BeTrue();
        }

        own.Process.ResidentBytes.Should().BeLessThan(once + MostGrowth);
    }

    private Task<bool> HeldAsync(int connections) =>
        Eventually.HoldsAsync(async () => await ValueAsync("mqtt_connections_held", "reason=unread") == connections, Deadline.ForPackets);

    private async Task<double> ValueAsync(string metric, string label) =>
        Exposition.Parse(await own.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative))).Value(metric, label);

    /// <summary>Answers how many bytes could be sent.</summary>
    private static async Task<int> AskAsync(NetworkStream stream, CancellationToken stop)
    {
        var (pings, sent) = (Pings(64 * 1_024), 0);
        try
        {
            while (sent < Most)
            {
                sent += await stream.Socket.SendAsync(pings, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // Held by TCP.
        }

        return sent;
    }

    private static async Task<bool> ReadAsync(NetworkStream stream, int answers)
    {
        using var deadline = new CancellationTokenSource(Deadline.ForPrograms);
        var all = new byte[answers * 2];
        await stream.ReadExactlyAsync(all, deadline.Token);
        return all.Chunk(2).All(answer => answer is [0xD0, 0x00]);
    }

    private static byte[] Pings(int bytes) => [.. Enumerable.Range(0, bytes).Select(at => at % 2 == 0 ? (byte)0xC0 : (byte)0x00)];
}
