using Broker.Node.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace Broker.Specs.Node.Hosting;

public sealed class StopSignalsSpecs : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<int> _ends = [];
    private readonly StopSignals _signals;

    public StopSignalsSpecs() => _signals = new StopSignals(_time, _ends.Add);

    public void Dispose() => _signals.Dispose();

    [Fact]
    public async Task The_first_signal_asks_for_the_stop()
    {
        var stopped = new TaskCompletionSource();
        await using var registration = _signals.Stop.Register(stopped.SetResult);
        _signals.Received.Should().BeFalse();

        _signals.OnSignal();

        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(30));
        _signals.Received.Should().BeTrue();
        _ends.Should().BeEmpty();
    }

    [Fact]
    public void A_second_one_ends_the_process_at_once()
    {
        _signals.OnSignal();
        _time.Advance(StopSignals.Echo);

        _signals.OnSignal();

        _ends.Should().Equal(1);
    }

    [Fact]
    public void The_same_signal_sent_twice_is_one()
    {
        _signals.OnSignal();
        _time.Advance(StopSignals.Echo - TimeSpan.FromMilliseconds(1));

        _signals.OnSignal();

        _ends.Should().BeEmpty();
    }
}
