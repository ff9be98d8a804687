using System.Net.Sockets;
using DotNetty.Buffers;
using DotNetty.Transport.Channels;

namespace Broker.Protocol.Transport.Channels;

internal sealed partial class DotNettyMqttChannel
{
    private static readonly Action<object> AfterWriteAction = static channel => ((DotNettyMqttChannel)channel).AfterWrite();
    private static readonly Action<object> OnWritableAction = static channel => ((DotNettyMqttChannel)channel).TellWritable();
    private static readonly Action<Task, object?> WriteDoneAction =
        static (write, channel) => ((DotNettyMqttChannel)channel!).WriteDone(write);

    private bool _unwritable;

    public long PendingBytes => _output.Length + (_channel.Unsafe.OutboundBuffer?.TotalPendingWriteBytes() ?? 0);

    public long BytesSent { get; private set; }

    public bool IsWritable
    {
        get
        {
            if (!_unwritable && PendingBytes > _listener.Options.WriteHighWaterMark)
            {
                _unwritable = true;
            }

            return !_unwritable;
        }
    }

    public void Flush()
    {
        long length = _output.Length;
        if (length == 0 || _state != ChannelState.Open || _context is null)
        {
            return;
        }

        BytesSent += length;
        _ = IsWritable;
        _output.Learn(length);
        if (TrySendWhole())
        {
            CheckWritable();
            return;
        }

        Task? last = null;
        while (_output.TryTake(out IByteBuffer? chunk))
        {
            if (last is not null)
            {
                Watch(last);
            }

            last = _context.WriteAsync(chunk);
        }

        _context.Flush();

        // Mostly the socket has taken it all by now, and nothing more is allocated for it.
        if (last is { IsCompletedSuccessfully: false })
        {
            Watch(last);
        }

        CheckWritable();
    }

    // Mostly all there is to a flush. Whatever the socket does not take goes through the pipeline, which knows how to wait.
    private bool TrySendWhole()
    {
        if (_direct is null || _output.Whole is { IsEmpty: true })
        {
            return false;
        }

        try
        {
            _output.Skip(_direct.TrySend(_output.Whole));
        }
        catch (SocketException exception)
        {
            _cause ??= exception;
            EventLoop.Execute(AfterWriteAction, this);
            return true;
        }

        return _output.Length == 0;
    }

    // Raised by DotNetty for what is behind Output alone, with the same marks.
    public override void ChannelWritabilityChanged(IChannelHandlerContext context)
    {
        _ = IsWritable;
        CheckWritable();
    }

    private void Watch(Task write) => write.ContinueWith(
        WriteDoneAction, this, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    // Runs inside DotNetty's outbound buffer, which still counts this write as pending: anything but a note is for later.
    private void WriteDone(Task write)
    {
        if (write.Exception is { } exception)
        {
            if (_state == ChannelState.Open)
            {
                // The system tells a reset once: where a read met the end of it, the write that waited has no cause of its own.
                _cause ??= Failures.Cause(exception) ?? new IOException("It ended before the client had taken what was sent to it.");
            }

            EventLoop.Execute(AfterWriteAction, this);
        }
        else if (_unwritable || _state == ChannelState.Flushing)
        {
            EventLoop.Execute(AfterWriteAction, this);
        }
    }

    private void AfterWrite()
    {
        if (_cause is not null)
        {
            CloseNow();
            return;
        }

        CheckWritable();
        ContinueClose();
    }

    private void CheckWritable()
    {
        if (_unwritable && PendingBytes < Math.Max(_listener.Options.WriteLowWaterMark, 1))
        {
            // Not at once: this is within a flush, and the handler will write and flush again.
            _unwritable = false;
            EventLoop.Execute(OnWritableAction, this);
        }
    }

    private void TellWritable()
    {
        if (_state != ChannelState.Open || !IsWritable || _handler is null)
        {
            return;
        }

        try
        {
            _handler.OnWritable();
        }
        catch (Exception exception)
        {
            HandlerFailed(exception);
        }
    }
}
