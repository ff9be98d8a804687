using System.Buffers;
using System.Diagnostics;
using System.Net.Sockets;
using Broker.Protocol.Codec;
using Broker.Protocol.Packets;

namespace Broker.Bench.Sessions;

/// <summary>
/// <c>reconnect make|again [--endpoint HOST:PORT] [--sessions N] [--subscriptions N] [--parallel N]</c>: durable sessions with subscriptions of their own, made,
/// or (after the broker's <c>kill -9</c> and new start) connected to again, so many at a time. Fails where <c>again</c> finds a session missing.
/// </summary>
internal static class ReconnectRun
{
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is not ["make" or "again", ..])
        {
            await Console.Error.WriteLineAsync("reconnect make|again [--endpoint HOST:PORT] [--sessions N] [--subscriptions N] [--parallel N]");
            return 2;
        }

        var isNew = args[0] == "make";
        var endpoint = Value(args, "--endpoint", "127.0.0.1:1883").Split(':');
        var (host, port) = (endpoint[0], int.Parse(endpoint[1], null));
        var sessions = int.Parse(Value(args, "--sessions", "10000"), null);
        var subscriptions = int.Parse(Value(args, "--subscriptions", "5"), null);
        var options = new ParallelOptions { MaxDegreeOfParallelism = int.Parse(Value(args, "--parallel", "64"), null) };
        var present = 0;
        var start = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(Enumerable.Range(0, sessions), options, async (number, cancellation) =>
        {
            if (await OneAsync(host, port, number, isNew ? subscriptions : 0, cancellation))
            {
                Interlocked.Increment(ref present);
            }
        });
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Console.WriteLine($"{args[0]}: {sessions:N0} sessions, {present:N0} present, in {seconds:N1} s ({sessions / seconds:N0}/s)");
        return isNew || present == sessions ? 0 : 1;
    }

    private static string Value(string[] args, string name, string otherwise) =>
        Array.IndexOf(args, name) is >= 0 and var index ? args[index + 1] : otherwise;

    /// <summary>Whether the session was there.</summary>
    private static async Task<bool> OneAsync(string host, int port, int number, int subscriptions, CancellationToken cancellation)
    {
        using var tcp = new TcpClient { NoDelay = true };
        await tcp.ConnectAsync(host, port, cancellation);
        var stream = tcp.GetStream();
        var decoder = new PacketDecoder(PeerRole.Server) { Version = ProtocolVersion.V311 };
        var connect = new ConnectPacket { Version = ProtocolVersion.V311, ClientId = $"reconnect-{number}", CleanStart = false, KeepAlive = 60 };
        var answer = (ConnAckPacket)await AskAsync(stream, decoder, connect, cancellation);
        if (answer.ReasonCode != ReasonCode.Success)
        {
            throw new InvalidOperationException($"The broker refuses {connect.ClientId}: {answer.ReasonCode}.");
        }

        if (subscriptions > 0)
        {
            var filters = Enumerable.Range(0, subscriptions).Select(i => new SubscriptionRequest($"reconnect/{number}/{i}", QualityOfService.AtLeastOnce));
            await AskAsync(stream, decoder, new SubscribePacket { PacketId = 1, Subscriptions = [.. filters] }, cancellation);
        }

        return answer.SessionPresent;
    }

    private static async Task<Packet> AskAsync(NetworkStream stream, PacketDecoder decoder, Packet packet, CancellationToken cancellation)
    {
        var output = new ArrayBufferWriter<byte>();
        PacketEncoder.Write(output, packet, ProtocolVersion.V311);
        await stream.WriteAsync(output.WrittenMemory, cancellation);
        var buffer = new byte[512];
        var filled = 0;
        Packet? answer;
        while (!decoder.TryDecode(buffer.AsSpan(0, filled), out answer, out _))
        {
            var read = await stream.ReadAsync(buffer.AsMemory(filled), cancellation);
            filled += read > 0 ? read : throw new EndOfStreamException("The broker closed the connection.");
        }

        return answer!;
    }
}
