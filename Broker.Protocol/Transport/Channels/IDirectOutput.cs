namespace Broker.Protocol.Transport.Channels;

/// <summary>A channel whose socket can be written to past the pipeline, by a handler that has none between itself and the socket: no buffer changes hands, and there is no task to complete.</summary>
internal interface IDirectOutput
{
    /// <summary>Sends what the socket takes at once; answers how many bytes. 0: something waits before these, or the socket takes nothing. On the event loop.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The connection is gone.</exception>
    int TrySend(ReadOnlySpan<byte> bytes);
}
