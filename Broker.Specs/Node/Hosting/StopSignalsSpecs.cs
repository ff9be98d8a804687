using Broker.Node.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace Broker.Specs.Node.Hosting;

public sealed class StopSignalsSpecs : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly Lifetime _lifetime = new();
    private readonly List<int> _ends = [];
    private readonly StopSignals _signals;

    public StopSignalsSpecs() => _signals = new StopSignals(_lifetime, _time, _ends.Add);

    public void Dispose()
    {
        _signals.Dispose();
        _lifetime.Dispose();
    }

    [Fact]
    public async Task The_first_signal_stops_the_host()
    {
        _signals.Received.Should().BeFalse();

        _signals.OnSignal();

        await _lifetime.Stopped.WaitAsync(TimeSpan.FromSeconds(30));
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

    private sealed class Lifetime : IHostApplicationLifetime, IDisposable
    {
        private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Stopped => _stopped.Task;

        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => _stopped.TrySetResult();

        public void Dispose() => _stopped.TrySetCanceled();
    }
}
