using System.Net;
using System.Net.Sockets;
using DotNetty.Buffers;
using DotNetty.Transport.Channels;
using DotNetty.Transport.Channels.Sockets;

namespace Broker.Protocol.Transport.Channels;

/// <summary>
/// DotNetty's socket channel for a socket that has been accepted already.
/// </summary>
internal sealed class MqttSocketChannel : TcpSocketChannel, IClientChannel
{
    private readonly OpenConnections _connections;

    public MqttSocketChannel(Socket socket, OpenConnections connections)
        : base(null, socket)
    {
        _connections = connections;
        SetState(StateFlags.Active);
        CacheLocalAddress();
        CacheRemoteAddress();
        ClientAddress = Addresses.Unmapped(RemoteAddress);
    }

    /// <inheritdoc/>
    public EndPoint ClientAddress { get; set; }

    /// <inheritdoc/>
    public bool HasReceived { get; set; }

    /// <summary>Sends FIN.</summary>
    public void EndOutput() => Socket.Shutdown(SocketShutdown.Send);

    /// <inheritdoc/>
    public void ResetOnClose()
    {
        if (Open)
        {
            Socket.LingerState = new LingerOption(true, 0);
        }
    }

    // The inherited one takes a socket whose output has ended for a closed one.
    protected override int DoReadBytes(IByteBuffer byteBuf)
    {
        if (!Open)
        {
            return -1;
        }

        var space = byteBuf.Array.AsSpan(byteBuf.ArrayOffset + byteBuf.WriterIndex, byteBuf.WritableBytes);
        int received = Socket.Receive(space, SocketFlags.None, out SocketError error);
        switch (error)
        {
            case SocketError.Success when received == 0:
                return -1;
            case SocketError.Success:
                HasReceived = true;
                byteBuf.SetWriterIndex(byteBuf.WriterIndex + received);
                return received;
            case SocketError.WouldBlock:
                return 0;
            default:
                throw new SocketException((int)error);
        }
    }

    // One buffer, the usual case, needs no list of segments and no pinned handles for each.
    protected override void DoWrite(ChannelOutboundBuffer input)
    {
        while (input.Size == 1 && input.Current is IByteBuffer { HasArray: true } buffer)
        {
            int length = buffer.ReadableBytes;
            if (length == 0)
            {
                input.Remove();
                continue;
            }

            int sent = Socket.Send(
                buffer.Array.AsSpan(buffer.ArrayOffset + buffer.ReaderIndex, length), SocketFlags.None, out SocketError error);
            if (error is not (SocketError.Success or SocketError.WouldBlock))
            {
                throw new SocketException((int)error);
            }

            if (sent > 0)
            {
                input.RemoveBytes(sent);
            }

            if (sent < length)
            {
                break;
            }
        }

        base.DoWrite(input);
    }

    // The inherited one leaves the socket to the finalizer where shutting it down fails.
    protected override void DoClose()
    {
        try
        {
            base.DoClose();
        }
        finally
        {
            Socket.Dispose();
            _connections.Remove(this);
        }
    }
}
