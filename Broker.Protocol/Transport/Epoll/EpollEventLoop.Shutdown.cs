namespace Broker.Protocol.Transport.Epoll;

internal sealed partial class EpollEventLoop
{
    private const int Started = 0;
    private const int ShuttingDown = 1;
    private const int Terminated = 2;

    /// <summary>Milliseconds between looks at the quiet period.</summary>
    private const int ShutdownPoll = 10;

    private readonly TaskCompletionSource _termination = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile int _state;
    private TimeSpan _quietPeriod;
    private TimeSpan _shutdownTimeout;
    private long _shutdownStart;
    private long _lastTask;

    public override bool IsShuttingDown => _state >= ShuttingDown;

    public override bool IsShutdown => _state >= Terminated;

    public override bool IsTerminated => _state >= Terminated;

    public override Task TerminationCompletion => _termination.Task;

    /// <summary>Closes what is open on the loop, then ends it once no task has come for the quiet period, or after the timeout.</summary>
    public override Task ShutdownGracefullyAsync(TimeSpan quietPeriod, TimeSpan timeout)
    {
        lock (_termination)
        {
            if (_state == Started)
            {
                _quietPeriod = quietPeriod;
                _shutdownTimeout = timeout;
                _state = ShuttingDown;
            }
        }

        if (!InEventLoop)
        {
            Wake();
        }

        return TerminationCompletion;
    }

    private bool HasShutDown()
    {
        if (_state == Started)
        {
            return false;
        }

        if (_shutdownStart == 0)
        {
            _shutdownStart = _lastTask = Environment.TickCount64;
            CancelScheduledTasks();
            CloseSources();
        }

        if (RunTasks())
        {
            _lastTask = Environment.TickCount64;
        }

        long now = Environment.TickCount64;
        return now - _shutdownStart >= _shutdownTimeout.TotalMilliseconds
            || (_tasks.IsEmpty && now - _lastTask >= _quietPeriod.TotalMilliseconds);
    }

    private void CloseSources()
    {
        foreach (IEpollSource source in _sources.Snapshot())
        {
            SafeClose(source);
        }
    }

    private void Terminate(Exception? failure)
    {
        try
        {
            // Of what was registered while the loop was shutting down, and of a loop that failed.
            CloseSources();
            RunTasks();
        }
        finally
        {
            _state = Terminated;
            _set.Dispose();
            _wakeUp.Dispose();
            if (failure is null)
            {
                _termination.TrySetResult();
            }
            else
            {
                _termination.TrySetException(failure);
            }
        }
    }
}
