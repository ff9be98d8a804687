using Broker.Protocol.Transport.Channels;
using DotNetty.Buffers;
using DotNetty.Transport.Channels;

namespace Broker.Protocol.Transport.Proxy;

/// <summary>
/// Stands first in the pipeline until the PROXY header has come, then gives its place to what the connection speaks. A proxy's probe, which
/// closes behind the header or sends nothing at all, leaves no line in the log.
/// </summary>
internal sealed class ProxyHeaderHandler(IClientChannel channel, ListenerContext listener, ProxyGate gate, Action<IClientChannel> next) : ChannelHandlerAdapter
{
    private static readonly Action<object> TimedOutAction = static handler => ((ProxyHeaderHandler)handler).TimedOut();

    private static readonly TimerCallback TimeoutCallback = static handler =>
    {
        var late = (ProxyHeaderHandler)handler!;
        late.Channel.EventLoop.Execute(TimedOutAction, late);
    };

    private byte[] _begun = [];
    private ITimer? _timeout;
    private bool _hasEnded;

    private IClientChannel Channel => channel;

    public override void ChannelActive(IChannelHandlerContext context) =>
        _timeout = listener.Time.CreateTimer(TimeoutCallback, this, listener.ConnectTimeout, Timeout.InfiniteTimeSpan);

    public override void ChannelInactive(IChannelHandlerContext context) => End();

    public override void ChannelRead(IChannelHandlerContext context, object message)
    {
        var received = (IByteBuffer)message;
        if (_hasEnded)
        {
            received.Release();
            return;
        }

        try
        {
            ReadOnlySpan<byte> bytes = received.Array.AsSpan(received.ArrayOffset + received.ReaderIndex, received.ReadableBytes);
            if (_begun.Length > 0)
            {
                bytes = (byte[])[.. _begun, .. bytes];
            }

            if (gate.TryPass(bytes, channel.RemoteAddress, out ProxyHeader header))
            {
                Pass(received, header);
                return;
            }

            _begun = bytes.ToArray();
            received.Release();
        }
        catch (ProxyProtocolException refusal)
        {
            received.Release();
            Refuse(refusal.Message);
        }
    }

    public override void ExceptionCaught(IChannelHandlerContext context, Exception exception) => Refuse(Failures.Innermost(exception).Message);

    private void Pass(IByteBuffer received, ProxyHeader header)
    {
        End();
        channel.ClientAddress = header.Client ?? channel.ClientAddress;
        channel.Pipeline.Remove(this);
        next(channel);
        if (header.Length == 0 && _begun.Length > 0)
        {
            // It looked like the beginning of a header, and was none.
            channel.Pipeline.FireChannelRead(Unpooled.WrappedBuffer(_begun));
        }
        else
        {
            received.SkipBytes(Math.Max(header.Length - _begun.Length, 0));
            channel.HasReceived = received.IsReadable();
        }

        if (received.IsReadable())
        {
            channel.Pipeline.FireChannelRead(received);
        }
        else
        {
            received.Release();
        }
    }

    private void TimedOut()
    {
        if (!_hasEnded)
        {
            Refuse($"its PROXY header was not complete within {listener.ConnectTimeout} (mqtt.limits.connect-timeout)");
        }
    }

    private void Refuse(string reason)
    {
        if (_hasEnded)
        {
            return;
        }

        End();
        if (channel.HasReceived)
        {
            listener.Refusals.CountProxyHeader();
            TransportLog.ProxyRefused(listener.Logger, channel.ClientAddress, listener.Options.Name, reason);
        }

        channel.CloseAsync();
    }

    private void End()
    {
        _hasEnded = true;
        _timeout?.Dispose();
    }
}
