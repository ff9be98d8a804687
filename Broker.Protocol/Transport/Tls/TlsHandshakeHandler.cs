using Broker.Protocol.Transport.Channels;
using DotNetty.Handlers.Tls;
using DotNetty.Transport.Channels;

namespace Broker.Protocol.Transport.Tls;

/// <summary>
/// Stands above the TlsHandler until the handshake is complete, then gives its place to the connection's handler. Ends a
/// handshake that takes too long or fails.
/// </summary>
internal sealed class TlsHandshakeHandler : ChannelHandlerAdapter
{
    private static readonly Action<object> TimedOutAction = static handler => ((TlsHandshakeHandler)handler).TimedOut();

    private static readonly TimerCallback TimeoutCallback = static handler =>
        ((TlsHandshakeHandler)handler!)._channel.EventLoop.Execute(TimedOutAction, handler);

    private readonly IClientChannel _channel;
    private readonly ListenerContext _listener;
    private readonly ServerSslStream _stream;
    private ITimer? _timeout;
    private bool _ended;

    private TlsHandshakeHandler(IClientChannel channel, ListenerContext listener, ServerSslStream stream)
    {
        _channel = channel;
        _listener = listener;
        _stream = stream;
    }

    public static void AddTo(IClientChannel channel, ListenerContext listener, TlsContext context)
    {
        ServerSslStream? stream = null;
        var tls = new TlsHandler(inner => stream = new ServerSslStream(inner, context), new ServerTlsSettings(context.Certificate));
        channel.Pipeline.AddLast(tls, new TlsHandshakeHandler(channel, listener, stream!));
    }

    public override void ChannelActive(IChannelHandlerContext context)
    {
        TimeSpan limit = _listener.Options.Tls!.HandshakeTimeout;
        _timeout = _listener.Time.CreateTimer(TimeoutCallback, this, limit, Timeout.InfiniteTimeSpan);
    }

    public override void ChannelInactive(IChannelHandlerContext context) => End(null);

    public override void UserEventTriggered(IChannelHandlerContext context, object evt)
    {
        if (evt is not TlsHandshakeCompletionEvent completion)
        {
            return;
        }

        if (!completion.IsSuccessful)
        {
            Fail(completion.Exception);
        }
        else if (!_stream.IsAdmitted)
        {
            End("the client showed no certificate");
            _channel.CloseAsync();
        }
        else if (!_ended)
        {
            End(null);
            var connection = new DotNettyMqttChannel(_channel, _listener, _stream);
            _channel.Pipeline.Replace(this, null, connection);
            connection.SettleLater();
        }
    }

    public override void ExceptionCaught(IChannelHandlerContext context, Exception exception)
    {
        Fail(exception);
        _channel.CloseAsync();
    }

    private void TimedOut()
    {
        if (!_ended)
        {
            End("it was not complete in time");
            _channel.CloseAsync();
        }
    }

    private void Fail(Exception exception) => End(exception is NotSslRecordException
        ? "what the client sends is not TLS"
        : Failures.Innermost(exception).Message);

    private void End(string? failure)
    {
        if (_ended)
        {
            return;
        }

        _ended = true;
        _timeout?.Dispose();

        // A load balancer's probe connects and goes without a word.
        if (failure is not null && _channel.HasReceived)
        {
            TransportLog.HandshakeFailed(_listener.Logger, _listener.Options.Name, Addresses.Unmapped(_channel.RemoteAddress), failure);
        }
    }
}
