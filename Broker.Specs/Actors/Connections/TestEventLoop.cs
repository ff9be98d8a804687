using DotNetty.Common.Concurrency;

namespace Broker.Specs.Actors.Connections;

/// <summary>An event loop that a spec turns by hand: tasks wait until <see cref="RunAll"/>.</summary>
internal sealed class TestEventLoop : AbstractEventExecutor
{
    private readonly Queue<IRunnable> _tasks = new();

    public override bool IsShuttingDown => false;

    public override bool IsShutdown => false;

    public override bool IsTerminated => false;

    public override Task TerminationCompletion => Task.CompletedTask;

    /// <summary>Tasks that wait.</summary>
    public int Waiting
    {
        get
        {
            lock (_tasks)
            {
                return _tasks.Count;
            }
        }
    }

    public override bool IsInEventLoop(Thread thread) => true;

    public override void Execute(IRunnable task)
    {
        lock (_tasks)
        {
            _tasks.Enqueue(task);
        }
    }

    /// <summary>Runs one task; false where none waits.</summary>
    public bool RunOne()
    {
        IRunnable? task;
        lock (_tasks)
        {
            if (!_tasks.TryDequeue(out task))
            {
                return false;
            }
        }

        task.Run();
        return true;
    }

    /// <summary>Runs until nothing waits, what the tasks add included.</summary>
    public void RunAll()
    {
        while (RunOne())
        {
        }
    }

    public override Task ShutdownGracefullyAsync(TimeSpan quietPeriod, TimeSpan timeout) => Task.CompletedTask;

    protected override IEnumerable<IEventExecutor> GetItems() => [this];
}
