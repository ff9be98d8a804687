using System.Buffers;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Broker.Protocol.Codec;
using Broker.Protocol.Packets;
using Broker.Protocol.Transport.Tls;
using DotNetty.Common.Concurrency;
using DotNetty.Transport.Channels;

namespace Broker.Protocol.Transport.Channels;

/// <summary>
/// The last handler of a connection's pipeline, and the connection as its <see cref="IMqttChannelHandler"/> sees it. It is
/// added when what lies below MQTT is complete: with the channel for plain TCP, after the handshake for TLS.
/// </summary>
internal sealed partial class DotNettyMqttChannel : ChannelHandlerAdapter, IMqttChannel
{
    private readonly IClientChannel _channel;
    private readonly IDirectOutput? _direct;
    private readonly ListenerContext _listener;
    private readonly ServerSslStream? _tls;
    private readonly PacketDecoder _decoder;
    private readonly PacketReader _reader;
    private readonly ChannelOutput _output;
    private IChannelHandlerContext? _context;
    private IMqttChannelHandler? _handler;
    private Exception? _cause;
    private volatile ChannelState _state;
    private bool _closedTold;

    /// <param name="channel">The socket below.</param>
    /// <param name="listener">The listener it came through.</param>
    /// <param name="tls">The authenticated stream where the pipeline has TLS.</param>
    /// <param name="clientCertificate">What the client proved to hold, where TLS is below the channel.</param>
    public DotNettyMqttChannel(IClientChannel channel, ListenerContext listener, ServerSslStream? tls, X509Certificate2? clientCertificate = null)
    {
        _channel = channel;
        _listener = listener;
        _tls = tls;
        _direct = tls is null ? channel as IDirectOutput : null;
        ClientCertificate = tls?.ClientCertificate ?? clientCertificate;
        RemoteAddress = channel.ClientAddress;
        _decoder = new PacketDecoder(PeerRole.Client) { Lends = true, MaximumPacketSize = listener.ConnectPacketSize };
        _reader = new PacketReader(_decoder);
        _output = new ChannelOutput(channel.Allocator);
    }

    public IEventExecutor EventLoop => _channel.EventLoop;

    public string Listener => _listener.Options.Name;

    public EndPoint RemoteAddress { get; }

    public X509Certificate2? ClientCertificate { get; }

    public ProtocolVersion Version => _decoder.Version;

    public int MaximumPacketSize
    {
        get => _decoder.MaximumPacketSize;
        set => _decoder.MaximumPacketSize = value;
    }

    public IBufferWriter<byte> Output => _output;

    public bool IsActive => _state == ChannelState.Open;

    public override void HandlerAdded(IChannelHandlerContext context)
    {
        _context = context;
        if (context.Channel.Active && context.Channel.Registered)
        {
            Open();
        }
    }

    public override void ChannelActive(IChannelHandlerContext context) => Open();

    public override void ChannelInactive(IChannelHandlerContext context)
    {
        _state = ChannelState.Closed;
        _reader.Stop();
        _output.Drop();
        _deadline?.Dispose();
        TellClosed();
    }

    public override void ExceptionCaught(IChannelHandlerContext context, Exception exception)
    {
        // After Close was asked for, the handler has said all it had to say: how the client takes it is no cause.
        if (_state == ChannelState.Open)
        {
            _cause ??= Failures.Cause(exception);
        }

        CloseNow();
    }

    private void Open()
    {
        if (_handler is not null || _state != ChannelState.Open)
        {
            return;
        }

        try
        {
            _handler = _listener.Handlers.Create(this);
        }
        catch (Exception exception)
        {
            HandlerFailed(exception);
        }

        if (_handler is null)
        {
            CloseNow();
        }
        else if (_state >= ChannelState.Draining)
        {
            TellClosed();
        }
    }

    // One connection's fault is nobody else's: it is logged, and that connection ends.
    private void HandlerFailed(Exception exception)
    {
        TransportLog.HandlerFailed(_listener.Logger, Listener, RemoteAddress, exception);
        _cause ??= exception;
        CloseNow();
    }

    private void TellClosed()
    {
        if (_closedTold || _handler is null)
        {
            return;
        }

        _closedTold = true;
        try
        {
            _handler.OnClosed(_cause);
        }
        catch (Exception exception)
        {
            TransportLog.HandlerFailed(_listener.Logger, Listener, RemoteAddress, exception);
        }
    }
}
