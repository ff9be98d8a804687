using System.Buffers;
using System.Net;
using System.Net.WebSockets;
using Broker.Protocol.Transport.Channels;
using DotNetty.Buffers;
using DotNetty.Transport.Channels;

namespace Broker.Protocol.Transport.WebSockets;

/// <summary>
/// An accepted WebSocket as a channel of an event loop: the loop sees the bytes of binary frames as it sees those of a socket, and each packet that it
/// writes is a message of its own: a receiver must not count on that [MQTT-6.0.0-2], but paho C does, and leaves what follows the first packet of a frame unread until more comes.
/// One receive and one send are under way at most; both come back to the loop.
/// </summary>
internal sealed class WebSocketChannel : AbstractChannel, IClientChannel
{
    private const int ReadBytes = 4 * 1024;

    /// <summary>How long a client that does not read may hold up the last frames.</summary>
    private static readonly TimeSpan FarewellTimeout = TimeSpan.FromSeconds(2);

    private readonly WebSocket _socket;
    private readonly OpenConnections _connections;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PacketBoundaries _boundaries = new();
    private Task _sending = Task.CompletedTask;
    private WebSocketCloseStatus _status = WebSocketCloseStatus.NormalClosure;
    private volatile bool _isOpen = true;
    private bool _isReceiving;
    private bool _isSending;
    private bool _isReset;

    public WebSocketChannel(WebSocket socket, EndPoint local, EndPoint remote, OpenConnections connections)
        : base(null)
    {
        _socket = socket;
        _connections = connections;
        (LocalAddressInternal, RemoteAddressInternal) = (local, remote);
        ClientAddress = Addresses.Unmapped(remote);
        Configuration = new DefaultChannelConfiguration(this, ReadBufferAllocator.Instance);
    }

    /// <summary>Completes when nothing uses the WebSocket any more.</summary>
    public Task Ended => _ended.Task;

    public EndPoint ClientAddress { get; set; }

    public bool HasReceived { get; set; }

    public override IChannelConfiguration Configuration { get; }

    public override bool Open => _isOpen;

    public override bool Active => _isOpen;

    public override ChannelMetadata Metadata { get; } = new(hasDisconnect: false);

    protected override EndPoint LocalAddressInternal { get; }

    protected override EndPoint RemoteAddressInternal { get; }

    public void EndOutput() => _ = SayGoodbyeAsync();

    public void ResetOnClose() => _isReset = true;

    protected override IChannelUnsafe NewUnsafe() => new WebSocketUnsafe(this);

    protected override bool IsCompatible(IEventLoop eventLoop) => true;

    protected override void DoBind(EndPoint localAddress) => throw new NotSupportedException();

    protected override void DoDisconnect() => DoClose();

    protected override void DoClose()
    {
        if (_isOpen)
        {
            _isOpen = false;
            _connections.Remove(this);
            _ = EndAsync();
        }
    }

    protected override void DoBeginRead()
    {
        if (!_isReceiving && _isOpen)
        {
            _isReceiving = true;
            _ = ReceiveAsync(Allocator.HeapBuffer(ReadBytes));
        }
    }

    protected override void DoWrite(ChannelOutboundBuffer input)
    {
        if (_isSending || input.Size == 0)
        {
            return;
        }

        // Copied: the chunks are released with a close, whatever the send still reads.
        int length = 0;
        List<ArraySegment<byte>> chunks = input.GetSharedBufferList();
        foreach (ArraySegment<byte> chunk in chunks)
        {
            length += chunk.Count;
        }

        byte[] packets = ArrayPool<byte>.Shared.Rent(Math.Max(length, 1));
        int at = 0;
        foreach (ArraySegment<byte> chunk in chunks)
        {
            chunk.AsSpan().CopyTo(packets.AsSpan(at));
            at += chunk.Count;
        }

        // It is the thread's, and would begin with these chunks for the next channel that writes.
        chunks.Clear();
        _isSending = true;
        _sending = SendAsync(packets, length);
    }

    private async Task ReceiveAsync(IByteBuffer buffer)
    {
        ValueWebSocketReceiveResult result = default;
        Exception? fault = null;
        try
        {
            result = await _socket.ReceiveAsync(buffer.Array.AsMemory(buffer.ArrayOffset, buffer.Capacity), CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            fault = exception;
        }

        EventLoop.Execute(() => Received(buffer, result, fault));
    }

    private void Received(IByteBuffer buffer, ValueWebSocketReceiveResult result, Exception? fault)
    {
        _isReceiving = false;
        if (!_isOpen || fault is not null || result.MessageType != WebSocketMessageType.Binary)
        {
            buffer.Release();
            if (_isOpen)
            {
                EndReading(result, fault);
            }

            return;
        }

        HasReceived = true;
        buffer.SetWriterIndex(result.Count);
        Pipeline.FireChannelRead(buffer);
        Pipeline.FireChannelReadComplete();
    }

    private void EndReading(ValueWebSocketReceiveResult result, Exception? fault)
    {
        if (fault is null && result.MessageType == WebSocketMessageType.Text)
        {
            _status = WebSocketCloseStatus.InvalidMessageType;
            fault = new WebSocketException(WebSocketError.InvalidMessageType, "MQTT comes in binary frames, this one is text [MQTT-6.0.0-1]");
        }

        if (fault is null or WebSocketException { WebSocketErrorCode: WebSocketError.ConnectionClosedPrematurely })
        {
            CloseAsync();
        }
        else
        {
            Pipeline.FireExceptionCaught(fault);
        }
    }

    private async Task SendAsync(byte[] packets, int length)
    {
        Exception? fault = null;
        try
        {
            for (int at = 0; at < length;)
            {
                ReadOnlyMemory<byte> packet = packets.AsMemory(at, _boundaries.Next(packets.AsSpan(at, length - at), out bool ends));
                await _socket.SendAsync(packet, WebSocketMessageType.Binary, ends, CancellationToken.None).ConfigureAwait(false);
                at += packet.Length;
            }
        }
        catch (Exception exception)
        {
            fault = exception;
        }

        ArrayPool<byte>.Shared.Return(packets);
        EventLoop.Execute(() => Sent(length, fault));
    }

    private void Sent(int length, Exception? fault)
    {
        _isSending = false;
        if (Unsafe.OutboundBuffer is not { } output)
        {
            return;
        }

        if (fault is not null)
        {
            output.FailFlushed(fault, true);
            return;
        }

        output.RemoveBytes(length);
        Unsafe.Flush();
    }

    private async Task SayGoodbyeAsync()
    {
        using var timeout = new CancellationTokenSource(FarewellTimeout);
        try
        {
            // The rest of what is on its way goes first.
            await _sending.WaitAsync(timeout.Token).ConfigureAwait(false);
            await _socket.CloseOutputAsync(_status, null, timeout.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or ObjectDisposedException or IOException or InvalidOperationException)
        {
            // The client has gone first.
        }
    }

    private async Task EndAsync()
    {
        if (!_isReset && _socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
        {
            await SayGoodbyeAsync().ConfigureAwait(false);
        }

        _socket.Abort();
        _ended.TrySetResult();
    }

    private sealed class WebSocketUnsafe(WebSocketChannel channel) : AbstractUnsafe(channel)
    {
        public override Task ConnectAsync(EndPoint remoteAddress, EndPoint localAddress) => throw new NotSupportedException();
    }
}
