using System.Net.Sockets;

namespace Broker.Protocol.Transport.Channels;

internal sealed partial class DotNettyMqttChannel
{
    /// <summary>How long a client that does not read keeps a connection that is being closed.</summary>
    public static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(5);

    /// <summary>How long a client may take to close its side after ours has ended.</summary>
    public static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(2);

    private static readonly Action<object> CloseAction = static channel => ((DotNettyMqttChannel)channel).BeginClose();
    private static readonly Action<object> EndOutputAction = static channel => ((DotNettyMqttChannel)channel).EndOutput();
    private static readonly Action<object> TellClosedAction = static channel => ((DotNettyMqttChannel)channel).TellClosed();
    private static readonly Action<object> DeadlineAction = static channel => ((DotNettyMqttChannel)channel).DeadlineReached();
    private static readonly Action<object> AbortAction = static aborted =>
    {
        var channel = (IClientChannel)aborted;
        channel.ResetOnClose();
        channel.CloseAsync();
    };

    private static readonly Action<Task, object?> ClosureSentAction =
        static (sent, channel) => ((DotNettyMqttChannel)channel!).ClosureSent(sent);

    private static readonly TimerCallback DeadlineCallback =
        static channel => ((DotNettyMqttChannel)channel!).EventLoop.Execute(DeadlineAction, channel);

    private ITimer? _deadline;

    public void Close()
    {
        if (EventLoop.InEventLoop)
        {
            BeginClose();
        }
        else
        {
            EventLoop.Execute(CloseAction, this);
        }
    }

    /// <summary>Ends the connection at once, with a reset that frees what the client has not read. Any thread.</summary>
    public static void Abort(IClientChannel channel) => channel.EventLoop.Execute(AbortAction, channel);

    private void BeginClose()
    {
        if (_state != ChannelState.Open)
        {
            return;
        }

        Flush();
        _state = ChannelState.Flushing;
        _reader.Stop();
        _output.Drop();
        SetAutoRead();
        ContinueClose();
        if (_state == ChannelState.Flushing)
        {
            SetDeadline(FlushTimeout);
        }
    }

    private void ContinueClose()
    {
        if (_state != ChannelState.Flushing || PendingBytes > 0)
        {
            return;
        }

        _state = ChannelState.Draining;
        SetDeadline(DrainTimeout);
        if (_tls is null)
        {
            EndOutput();
            return;
        }

        // close_notify: a client has to take an end without it for a truncation.
        try
        {
            _tls.ShutdownAsync().ContinueWith(
                ClosureSentAction, this, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException)
        {
            CloseNow();
        }
    }

    private void ClosureSent(Task sent)
    {
        // Observed; where it failed, ending the output fails too, or the deadline ends the connection.
        _ = sent.Exception;
        EventLoop.Execute(EndOutputAction, this);
    }

    private void EndOutput()
    {
        if (_state != ChannelState.Draining)
        {
            return;
        }

        try
        {
            _channel.EndOutput();
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            CloseNow();
            return;
        }

        // The handler may be in the middle of a call that asked for the close.
        EventLoop.Execute(TellClosedAction, this);
        SetAutoRead();
    }

    private void DeadlineReached()
    {
        if (_state == ChannelState.Flushing)
        {
            _cause ??= new TimeoutException("The client did not read what was sent before the close.");
            _channel.ResetOnClose();
        }

        CloseNow();
    }

    private void SetDeadline(TimeSpan time)
    {
        if (_deadline is null)
        {
            _deadline = _listener.Time.CreateTimer(DeadlineCallback, this, time, Timeout.InfiniteTimeSpan);
        }
        else
        {
            _deadline.Change(time, Timeout.InfiniteTimeSpan);
        }
    }

    // Without regard to output and client; ChannelInactive follows.
    private void CloseNow()
    {
        _state = ChannelState.Closed;
        _reader.Stop();
        _channel.CloseAsync();
    }
}
