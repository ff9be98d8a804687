using System.Net;
using DotNetty.Transport.Channels;

namespace Broker.Protocol.Transport.Channels;

/// <summary>What carries a connection's bytes: a socket, or a WebSocket.</summary>
internal interface IClientChannel : IChannel
{
    /// <summary>The client's address: the peer's, or the one that a proxy told. An IPv4 client is shown by its IPv4 address.</summary>
    EndPoint ClientAddress { get; set; }

    /// <summary>True once the peer has sent anything, a PROXY header left out: a probe that only connects is not worth a log line.</summary>
    bool HasReceived { get; set; }

    /// <summary>Ends the sending side behind all that has been written; what comes is still read.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The connection is gone.</exception>
    void EndOutput();

    /// <summary>Makes the close that follows a reset, so that nothing is kept for a peer that never reads it.</summary>
    void ResetOnClose();
}
