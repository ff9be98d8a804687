using DotNetty.Transport.Channels;

namespace Broker.Protocol.Transport.Channels;

/// <summary>What carries a connection's bytes: a socket, or a WebSocket.</summary>
internal interface IClientChannel : IChannel
{
    /// <summary>True once the peer has sent anything: a probe that only connects is not worth a log line.</summary>
    bool HasReceived { get; }

    /// <summary>Ends the sending side behind all that has been written; what comes is still read.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The connection is gone.</exception>
    void EndOutput();

    /// <summary>Makes the close that follows a reset, so that nothing is kept for a peer that never reads it.</summary>
    void ResetOnClose();
}
