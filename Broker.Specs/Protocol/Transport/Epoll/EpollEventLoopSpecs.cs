using System.Collections.Concurrent;
using System.Diagnostics;
using Broker.Protocol.Transport.Epoll;

namespace Broker.Specs.Protocol.Transport.Epoll;

public sealed class EpollEventLoopSpecs : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly EpollEventLoop _loop = new(null!);

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _loop.ShutdownGracefullyAsync(TimeSpan.Zero, TimeSpan.FromSeconds(1)).WaitAsync(Patience);

    [Fact]
    public async Task No_task_is_lost_between_the_last_look_and_the_sleep()
    {
        // Each waits for the one before it, so the loop falls asleep before most of them.
        for (int i = 0; i < 20_000; i++)
        {
            var ran = new TaskCompletionSource();
            _loop.Execute(ran.SetResult);
            await ran.Task.WaitAsync(Patience);
        }
    }

    [Fact]
    public void Tasks_of_a_thread_run_in_order_and_on_the_loop()
    {
        var ran = new ConcurrentQueue<(int Thread, int Number)>();
        int astray = 0;
        using var done = new CountdownEvent(4 * 10_000);

        Parallel.For(0, 4, thread =>
        {
            for (int i = 0; i < 10_000; i++)
            {
                int number = i;
                _loop.Execute(() =>
                {
                    astray += _loop.InEventLoop ? 0 : 1;
                    ran.Enqueue((thread, number));
                    done.Signal();
                });
            }
        });

        done.Wait(Patience).Should().BeTrue();
        astray.Should().Be(0);
        foreach (IGrouping<int, (int Thread, int Number)> thread in ran.GroupBy(task => task.Thread))
        {
            thread.Select(task => task.Number).Should().Equal(Enumerable.Range(0, 10_000));
        }
    }

    [Fact]
    public async Task What_is_scheduled_runs_when_it_is_due_and_not_before()
    {
        var order = new ConcurrentQueue<int>();
        long start = Stopwatch.GetTimestamp();

        Task late = _loop.ScheduleAsync(() => order.Enqueue(2), TimeSpan.FromMilliseconds(60));
        Task early = _loop.ScheduleAsync(() => order.Enqueue(1), TimeSpan.FromMilliseconds(20));
        await Task.WhenAll(late, early).WaitAsync(Patience);

        Stopwatch.GetElapsedTime(start).Should().BeGreaterThanOrEqualTo(TimeSpan.FromMilliseconds(59));
        order.Should().Equal(1, 2);
    }

    [Fact]
    public async Task A_task_that_fails_harms_no_other()
    {
        var ran = new TaskCompletionSource();

        _loop.Execute(() => throw new InvalidOperationException("a fault of a task"));
        _loop.Execute(ran.SetResult);

        await ran.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task What_is_awaited_on_the_loop_comes_back_to_it()
    {
        var back = new TaskCompletionSource<bool>();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        _loop.Execute(async () =>
        {
            await gate.Task;
            back.SetResult(_loop.InEventLoop);
        });
        gate.SetResult();

        (await back.Task.WaitAsync(Patience)).Should().BeTrue();
    }

    [Fact]
    public async Task An_ended_loop_takes_tasks_from_any_thread_without_a_fault_and_touches_no_descriptor_of_others()
    {
        using var stop = new CancellationTokenSource();
        Task[] busy = [.. Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                _loop.Execute(static () => { });
            }
        }))];

        await _loop.ShutdownGracefullyAsync(TimeSpan.Zero, TimeSpan.FromSeconds(2)).WaitAsync(Patience);
        _loop.IsTerminated.Should().BeTrue();
        await stop.CancelAsync();

        await Task.WhenAll(busy).WaitAsync(Patience);
        _loop.Execute(static () => throw new InvalidOperationException("nobody runs this"));
    }

    [Fact]
    public async Task A_quiet_period_begins_again_with_each_task()
    {
        int ran = 0;
        Task ended = _loop.ShutdownGracefullyAsync(TimeSpan.FromMilliseconds(100), Patience);

        for (int i = 0; i < 3; i++)
        {
            var done = new TaskCompletionSource();
            _loop.Execute(() =>
            {
                ran++;
                done.SetResult();
            });
            await done.Task.WaitAsync(Patience);
        }

        await ended.WaitAsync(Patience);
        ran.Should().Be(3);
    }

    [Fact]
    public void It_is_a_group_of_itself()
    {
        _loop.GetNext().Should().BeSameAs(_loop);
        _loop.Items.Should().Equal(_loop);
        _loop.IsInEventLoop(Thread.CurrentThread).Should().BeFalse();
    }
}
