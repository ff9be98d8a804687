using System.Net.Sockets;
using Broker.Specs.EndToEnd.Harness;

namespace Broker.Specs.Conformance;

/// <summary>Bytes to a broker and what comes back, without a codec that could be wrong in the same way.</summary>
internal static class RawExchange
{
    /// <summary>Sends bytes on a connection of its own and answers all that comes until the broker closes it.</summary>
    /// <exception cref="TimeoutException">It does not.</exception>
    public static Task<byte[]> UntilClosedAsync(BrokerEndpoint broker, params byte[][] packets) => ReadAsync(broker, _ => false, packets);

    /// <summary>Sends bytes on a connection of its own and answers what comes, up to the given number of bytes.</summary>
    /// <exception cref="TimeoutException">That many do not come, and the connection is not closed either.</exception>
    public static Task<byte[]> FirstAsync(BrokerEndpoint broker, int count, params byte[][] packets) =>
        ReadAsync(broker, received => received >= count, packets);

    private static async Task<byte[]> ReadAsync(BrokerEndpoint broker, Func<int, bool> isEnough, byte[][] packets)
    {
        using var tcp = new TcpClient { NoDelay = true };
        await tcp.ConnectAsync(broker.Host, broker.Port);
        var stream = tcp.GetStream();
        await stream.WriteAsync(packets.SelectMany(packet => packet).ToArray());

        var received = new List<byte>();
        var buffer = new byte[4_096];
        using var deadline = new CancellationTokenSource(Deadline.ForPackets);
        while (!isEnough(received.Count))
        {
            int count;
            try
            {
                count = await stream.ReadAsync(buffer, deadline.Token);
            }
            catch (IOException)
            {
                break; // Reset: the broker closed with bytes of ours unread.
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"The broker did not close the connection. It sent: {Convert.ToHexString([.. received])}");
            }

            if (count == 0)
            {
                break;
            }

            received.AddRange(buffer.AsSpan(0, count));
        }

        return [.. received];
    }
}
