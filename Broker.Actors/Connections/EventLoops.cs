using System.Collections.Concurrent;
using Broker.Actors.Clustering.Membership;
using Broker.Actors.Sessions;
using Broker.Actors.Storage;
using DotNetty.Common.Concurrency;

namespace Broker.Actors.Connections;

/// <summary>The node's event loops, as the broker sees them.</summary>
internal sealed class EventLoops
{
    private readonly ConcurrentDictionary<IEventExecutor, EventLoopContext> _byExecutor = new();
    private readonly EventLoopContext[] _all;

    public EventLoops(IEnumerable<IEventExecutor> executors, TimeProvider time)
    {
        Time = time;
        Times = new PublishTimes(time);
        var list = executors.ToArray();
        _all = [.. list.Select((executor, index) => new EventLoopContext(this, executor, index, list.Length))];
        foreach (var loop in _all)
        {
            _byExecutor[loop.Executor] = loop;
        }
    }

    public TimeProvider Time { get; }

    /// <summary>How long messages take.</summary>
    public PublishTimes Times { get; }

    /// <summary>By which messages expire.</summary>
    public StoreClock Clock { get => field ??= new StoreClock(Time); init; }

    /// <summary>Milliseconds of a clock that never jumps.</summary>
    public long Tick => Time.GetTimestamp() / (Time.TimestampFrequency / 1000);

    /// <summary>Whether clients may be served at all; null: always.</summary>
    public NodeGuard? Guard
    {
        get;
        init
        {
            field = value;
            value?.Changed += problem => HoldAll(problem.Length > 0);
        }
    }

    public IReadOnlyList<EventLoopContext> All => _all;

    /// <summary>Where deliveries to durable sessions go. Set once, before the first connection.</summary>
    public Action<SessionDelivery[]> SendDurable { get; set; } = _ => throw new InvalidOperationException("The session outbox is not there yet.");

    /// <summary>Whether some loop is so far behind that publishers must wait.</summary>
    public bool IsCongested
    {
        get
        {
            foreach (var loop in _all)
            {
                if (loop.Backlog.IsCongested)
                {
                    return true;
                }
            }

            return false;
        }
    }

    public EventLoopContext For(IEventExecutor executor) => _byExecutor[executor];

    /// <summary>The loop for what no connection published: the same for the same topic, so that order is kept.</summary>
    public EventLoopContext ForTopic(string topic) => _all[(int)((uint)topic.GetHashCode(StringComparison.Ordinal) % (uint)_all.Length)];

    /// <summary>Reads from no client and writes to none, or goes on with both. Any thread.</summary>
    public void HoldAll(bool isHeld)
    {
        foreach (var loop in _all)
        {
            loop.Executor.Execute(() => loop.HoldAll(isHeld));
        }
    }

    /// <summary>Other limits hold than before: what connections have made of them is made again. Any thread.</summary>
    public void ApplyLimits()
    {
        foreach (var loop in _all)
        {
            loop.Executor.Execute(loop.Connections.ApplyLimits);
        }
    }

    /// <summary>Other traces run than before: calls the action, on some loop, once every connection knows. Any thread.</summary>
    public void Retrace(Action then)
    {
        var left = _all.Length;
        foreach (var loop in _all)
        {
            loop.Executor.Execute(() =>
            {
                loop.Connections.Retrace();
                if (Interlocked.Decrement(ref left) == 0)
                {
                    then();
                }
            });
        }
    }

    /// <summary>Lets publishers go on that were held for other loops. Any thread.</summary>
    public void ReleaseForLoops()
    {
        foreach (var loop in _all)
        {
            loop.Executor.Execute(loop.Connections.ForLoops.Release);
        }
    }

    /// <summary>Lets publishers go on that were held for the store. Any thread.</summary>
    public void ReleaseForStore()
    {
        foreach (var loop in _all)
        {
            loop.Executor.Execute(loop.Connections.ForStore.Release);
        }
    }

    /// <summary>Lets publishers go on that were held for room on the disk. Any thread.</summary>
    public void ReleaseForDisk()
    {
        foreach (var loop in _all)
        {
            loop.Executor.Execute(loop.Connections.ForDisk.Release);
        }
    }
}
