using System.Net.Sockets;
using Akka.Actor;

namespace Broker.Actors.Clustering.Membership;

/// <summary>Whether anybody listens at a node's address.</summary>
internal static class PortProbe
{
    /// <summary>Connects, and closes again; waits at most <paramref name="timeout"/>.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> came first.</exception>
    public static async Task<PortAnswer> AskAsync(Address address, TimeSpan timeout, CancellationToken cancellation = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(address.Host!, address.Port!.Value, limit.Token).ConfigureAwait(false);
            return PortAnswer.Open;
        }
        catch (SocketException problem)
        {
            return problem.SocketErrorCode == SocketError.ConnectionRefused ? PortAnswer.Refused : PortAnswer.Silent;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return PortAnswer.Silent;
        }
    }
}

/// <summary>What a port says.</summary>
internal enum PortAnswer
{
    /// <summary>Somebody listens.</summary>
    Open,

    /// <summary>The machine is there, and nobody listens.</summary>
    Refused,

    /// <summary>Nothing comes back, or there is no way to it.</summary>
    Silent,
}
