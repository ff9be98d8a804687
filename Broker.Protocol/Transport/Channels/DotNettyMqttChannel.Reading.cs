using Broker.Protocol.Codec;
using DotNetty.Buffers;
using DotNetty.Transport.Channels;

namespace Broker.Protocol.Transport.Channels;

internal sealed partial class DotNettyMqttChannel
{
    private bool _dispatching;
    private bool _malformed;

    public long BytesReceived { get; private set; }

    public override void ChannelRead(IChannelHandlerContext context, object message)
    {
        var buffer = (IByteBuffer)message;
        long before = _reader.Delivered;
        _dispatching = true;
        try
        {
            BytesReceived += buffer.ReadableBytes;
            if (_state == ChannelState.Open && _handler is not null)
            {
                _reader.Read(buffer.Array.AsSpan(buffer.ArrayOffset + buffer.ReaderIndex, buffer.ReadableBytes), _handler);
            }
        }
        catch (Exception exception)
        {
            HandlerFailed(exception);
        }
        finally
        {
            _dispatching = false;
            buffer.Release();
            (_channel.Unsafe.RecvBufAllocHandle as ReadBufferAllocator.Handle)?.IncPacketsRead((int)(_reader.Delivered - before));
        }
    }

    public override void ChannelReadComplete(IChannelHandlerContext context) => Settle();

    public void PauseReading()
    {
        _reader.IsPaused = true;
        SetAutoRead();
    }

    public void ResumeReading()
    {
        if (_reader.IsPaused)
        {
            _reader.IsPaused = false;
            Settle();
        }
    }

    // The end of a batch: tells the handler, handles what was held back where it has resumed, and so on until it pauses or
    // nothing is left. Where the handler resumes within a call, that call's loop goes on: no recursion.
    private void Settle()
    {
        if (_dispatching || _handler is null)
        {
            return;
        }

        _dispatching = true;
        try
        {
            while (_state == ChannelState.Open)
            {
                _reader.ReadHeld(_handler);
                if (_reader.TakeProblem() is { } problem)
                {
                    _malformed = true;
                    _handler.OnMalformed(problem);
                }

                if (_state != ChannelState.Open || !_reader.TakeDelivered())
                {
                    break;
                }

                _handler.OnReadComplete();
            }
        }
        catch (Exception exception)
        {
            HandlerFailed(exception);
        }
        finally
        {
            _dispatching = false;
        }

        SetAutoRead();
    }

    private void SetAutoRead()
    {
        bool read = _state switch
        {
            ChannelState.Open => !_reader.IsPaused && !_malformed,
            ChannelState.Draining => true,
            _ => false,
        };
        IChannelConfiguration configuration = _channel.Configuration;
        if (configuration.AutoRead != read)
        {
            configuration.AutoRead = read;
        }
    }
}
