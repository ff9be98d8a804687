using Broker.Actors.Storage;
using Broker.Specs.Protocol.Transport;
using Microsoft.Extensions.Time.Testing;

namespace Broker.Specs.Actors.Storage;

public sealed class StoreClockSpecs : IDisposable
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly SteppedTime _time = new(Start);
    private readonly RecordingLoggers _log = new();
    private readonly StoreClock _clock;

    public StoreClockSpecs() => _clock = new StoreClock(_time, _log);

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task It_is_the_databases_whatever_the_nodes_own_says()
    {
        _clock.UtcNow.Should().Be(Start.ToUnixTimeMilliseconds(), "nothing was measured");

        await MeasureAsync(TimeSpan.FromHours(-1), took: TimeSpan.FromMilliseconds(100));
        _time.Advance(TimeSpan.FromSeconds(5));

        _clock.Offset.Should().Be(TimeSpan.FromHours(-1));
        _clock.UtcNow.Should().Be(_time.GetUtcNow().AddHours(-1).ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task More_than_two_seconds_are_told_once_and_so_is_their_end()
    {
        foreach (var seconds in (double[])[2.0, 2.1, -5, 2.5, 1.9, 0, -2.1])
        {
            await MeasureAsync(TimeSpan.FromSeconds(seconds), took: TimeSpan.Zero);
        }

        var lines = _log.Lines.ToArray();
        lines.Should().HaveCount(3);
        lines[0].Should().StartWith("Warning: The database's clock is 2.1 s ahead of this node's");
        lines[1].Should().StartWith("Information: This node's clock and the database's agree again");
        lines[2].Should().StartWith("Warning: The database's clock is -2.1 s ahead of this node's (negative: behind)");
    }

    [Fact]
    public async Task A_late_answer_and_none_leave_what_was_measured()
    {
        await MeasureAsync(TimeSpan.FromSeconds(1), took: TimeSpan.Zero);
        await MeasureAsync(TimeSpan.FromSeconds(30), took: TimeSpan.FromSeconds(1.1));
        await _clock.Invoking(clock => clock.MeasureAsync(static () => throw new StorageException("away"))).Should().ThrowAsync<StorageException>();

        _clock.Offset.Should().Be(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_step_of_the_nodes_clock_changes_nothing()
    {
        await MeasureAsync(TimeSpan.Zero, took: TimeSpan.Zero);
        var before = _clock.UtcNow;

        _time.Step = TimeSpan.FromHours(1);
        _time.Advance(TimeSpan.FromSeconds(3));

        _clock.UtcNow.Should().Be(before + 3_000);
        _clock.Offset.Should().Be(TimeSpan.FromHours(-1));
    }

    [Fact]
    public async Task The_first_answer_counts_however_late_it_is()
    {
        await MeasureAsync(TimeSpan.FromHours(2), took: TimeSpan.FromSeconds(4));
        _clock.Offset.Should().Be(TimeSpan.FromHours(2));
    }

    private Task MeasureAsync(TimeSpan offset, TimeSpan took) => _clock.MeasureAsync(() =>
    {
        _time.Advance(took / 2);
        var answer = (_time.GetUtcNow() + offset).ToUnixTimeMilliseconds();
        _time.Advance(took / 2);
        return Task.FromResult(answer);
    });

    /// <summary>Its date can be set, which its timestamps do not notice.</summary>
    private sealed class SteppedTime(DateTimeOffset start) : FakeTimeProvider(start)
    {
        public TimeSpan Step { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Step;

        public override long GetTimestamp() => base.GetUtcNow().Ticks;
    }
}
