using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using DotNetty.Common.Concurrency;
using DotNetty.Common.Internal.Logging;
using DotNetty.Transport.Channels;

namespace Broker.Protocol.Transport.Epoll;

/// <summary>
/// An event loop that waits in epoll_wait: what is ready is read on the thread that found it ready. A round is: all that is
/// ready, then the tasks; so a task that a read hands in runs behind every other read of the round, as with DotNetty's own loop.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "An executor ends by its shutdown, which disposes of both.")]
internal sealed partial class EpollEventLoop : AbstractScheduledEventExecutor, IEventLoop
{
    /// <summary>Tasks in a row before what is ready has its turn.</summary>
    private const int MostTasks = 1024;

    private static readonly IInternalLogger Logger = InternalLoggerFactory.GetInstance<EpollEventLoop>();

    private readonly ConcurrentQueue<IRunnable> _tasks = new();
    private readonly EpollSources _sources = new();
    private readonly EpollSet _set;
    private readonly WakeUp _wakeUp;
    private readonly ulong _wakeUpToken;
    private readonly ExecutorTaskScheduler _scheduler;
    private readonly Thread _thread;
    private int _isAsleep;

    /// <exception cref="System.Net.Sockets.SocketException">The process is out of descriptors.</exception>
    public EpollEventLoop(IEventLoopGroup parent)
        : base(parent)
    {
        _set = new EpollSet();
        try
        {
            _wakeUp = new WakeUp();
        }
        catch
        {
            _set.Dispose();
            throw;
        }

        _wakeUpToken = (uint)_wakeUp.Descriptor;
        _set.Add(_wakeUp.Descriptor, Readiness.Read | Readiness.Edge, _wakeUpToken);
        _scheduler = new ExecutorTaskScheduler(this);
        _thread = new Thread(Start) { Name = "mqtt event loop", IsBackground = true };
        _thread.Start();
    }

    public new IEventLoopGroup Parent => (IEventLoopGroup)base.Parent;

    public new IEnumerable<IEventLoop> Items => [this];

    public new IEventLoop GetNext() => this;

    public Task RegisterAsync(IChannel channel) => channel.Unsafe.RegisterAsync(this);

    public override bool IsInEventLoop(Thread thread) => _thread == thread;

    /// <summary>Dropped once the loop has ended, as with DotNetty's own.</summary>
    public override void Execute(IRunnable task)
    {
        if (IsTerminated)
        {
            return;
        }

        _tasks.Enqueue(task);
        if (!InEventLoop)
        {
            Wake();
        }
    }

    /// <summary>From now on events with this token are the source's. On the loop, as all that follows.</summary>
    public ulong Register(int descriptor, IEpollSource source) => _sources.Add(descriptor, source);

    /// <summary>Before the descriptor is closed, which ends its being watched.</summary>
    public void Deregister(int descriptor) => _sources.Remove(descriptor);

    /// <exception cref="System.Net.Sockets.SocketException">The kernel's limit on what a user watches is reached.</exception>
    public void Watch(int descriptor, Readiness interest, ulong token) => _set.Add(descriptor, interest, token);

    public void ChangeWatch(int descriptor, Readiness interest, ulong token) => _set.Modify(descriptor, interest, token);

    public void Unwatch(int descriptor) => _set.Delete(descriptor);

    protected override IEnumerable<IEventExecutor> GetItems() => [this];

    // Written to only where the loop sleeps or is about to, and once for each sleep.
    private void Wake()
    {
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _isAsleep) != 0 && Interlocked.Exchange(ref _isAsleep, 0) != 0)
        {
            _wakeUp.Signal();
        }
    }

    private void Start()
    {
        SetCurrentExecutor(this);

        // Within a task, so that what handlers await comes back to this loop.
        Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.None, _scheduler);
    }

    private void Run()
    {
        try
        {
            while (!HasShutDown())
            {
                int ready = _set.Wait(TimeToSleep());
                Volatile.Write(ref _isAsleep, 0);
                for (int i = 0; i < ready; i++)
                {
                    Dispatch(_set.At(i));
                }

                RunTasks();
            }

            Terminate(null);
        }
        catch (Exception exception)
        {
            Logger.Error("An event loop failed.", exception);
            Terminate(exception);
        }
    }

    private void Dispatch((Readiness Ready, ulong Token) ready)
    {
        if (ready.Token == _wakeUpToken || _sources.Find(ready.Token) is not { } source)
        {
            return;
        }

        try
        {
            source.OnReady(ready.Ready);
        }
        catch (Exception exception)
        {
            // Level-triggered: left as it is, it would be ready for ever.
            Logger.Warn("A channel failed and is closed.", exception);
            SafeClose(source);
        }
    }

    // One source's fault is no other's.
    private static void SafeClose(IEpollSource source)
    {
        try
        {
            source.Close();
        }
        catch (Exception exception)
        {
            Logger.Warn("A channel could not be closed.", exception);
        }
    }

    // Milliseconds for epoll_wait. What is handed in after the look at the queue finds the loop asleep, and signals.
    private int TimeToSleep()
    {
        if (!_tasks.IsEmpty)
        {
            return 0;
        }

        if (IsShuttingDown)
        {
            return ShutdownPoll;
        }

        int time = UntilNextScheduled();
        if (time != 0)
        {
            Interlocked.Exchange(ref _isAsleep, 1);
            if (!_tasks.IsEmpty || IsShuttingDown)
            {
                Volatile.Write(ref _isAsleep, 0);
                return 0;
            }
        }

        return time;
    }

    private int UntilNextScheduled()
    {
        if (PeekScheduledTask() is not { } next)
        {
            return -1;
        }

        double left = (next.Deadline - GetNanos()).ToTimeSpan().TotalMilliseconds;
        return left <= 0 ? 0 : (int)Math.Min(Math.Ceiling(left), int.MaxValue);
    }

    private bool RunTasks()
    {
        while (PeekScheduledTask() is not null && PollScheduledTask() is { } due)
        {
            _tasks.Enqueue(due);
        }

        int done = 0;
        while (done < MostTasks && _tasks.TryDequeue(out IRunnable? task))
        {
            SafeExecute(task);
            done++;
        }

        return done > 0;
    }
}
