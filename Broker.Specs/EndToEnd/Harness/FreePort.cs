using System.Net;
using System.Net.Sockets;

namespace Broker.Specs.EndToEnd.Harness;

/// <summary>Hands out TCP ports of the loopback address that nobody uses, each once in a test run.</summary>
internal static class FreePort
{
    // Below the ports that systems hand out by themselves, so that no outgoing connection takes one in the meantime.
    private const int First = 20_000;
    private const int Last = 32_000;

    private static int _next = First + (Environment.ProcessId * 97 % (Last - First));

    /// <summary>The next free one.</summary>
    public static int Next()
    {
        for (var attempt = First; attempt < Last; attempt++)
        {
            var port = First + (Interlocked.Increment(ref _next) % (Last - First));
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: the next one.
            }
        }

        throw new InvalidOperationException($"No TCP port between {First} and {Last} is free.");
    }
}
