using Broker.Protocol.Transport.Channels;
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

    public static void AddTo(IClientChannel channel, ListenerContext listener, TlsContext context, HandshakeLimit limit)
    {
        var tls = new TlsHandler(context, limit);
        channel.Pipeline.AddLast(tls, new TlsHandshakeHandler(channel, listener, tls.Stream));
    }

    public override void HandlerAdded(IChannelHandlerContext context)
    {
        // Behind a PROXY header, which came when the channel was open already.
        if (context.Channel is { Active: true, Registered: true })
        {
            LimitTime();
        }
    }

    public override void ChannelActive(IChannelHandlerContext context) => LimitTime();

    public override void ChannelInactive(IChannelHandlerContext context) => End(null);

    public override void UserEventTriggered(IChannelHandlerContext context, object evt)
    {
        if (evt is not HandshakeEnd handshake)
        {
            return;
        }

        if (handshake.Failure is { } failure)
        {
            Fail(failure);
        }
        else if (!_stream.IsAdmitted)
        {
            End("the client showed no certificate");
            _channel.CloseAsync();
        }
        else if (!_ended)
        {
            End(null);
            _channel.Pipeline.Replace(this, null, new DotNettyMqttChannel(_channel, _listener, _stream));
        }
    }

    public override void ExceptionCaught(IChannelHandlerContext context, Exception exception)
    {
        Fail(exception);
        _channel.CloseAsync();
    }

    private void LimitTime() =>
        _timeout ??= _listener.Time.CreateTimer(TimeoutCallback, this, _listener.Options.Tls!.HandshakeTimeout, Timeout.InfiniteTimeSpan);

    private void TimedOut()
    {
        if (!_ended)
        {
            End("it was not complete in time");
            _channel.CloseAsync();
        }
    }

    private void Fail(Exception exception) => End(Failures.Innermost(exception).Message);

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
            TransportLog.HandshakeFailed(_listener.Logger, _listener.Options.Name, _channel.ClientAddress, failure);
        }
    }
}
