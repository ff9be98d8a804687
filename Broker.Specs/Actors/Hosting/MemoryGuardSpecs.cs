using Broker.Actors.Hosting;
using Broker.Specs.Protocol.Transport;

namespace Broker.Specs.Actors.Hosting;

public sealed class MemoryGuardSpecs : IDisposable
{
    private const long MiB = 1L << 20;

    private readonly RecordingLoggers _log = new();

    public void Dispose() => _log.Dispose();

    [Fact]
    public void It_is_full_above_the_bound_and_until_it_is_below_95_percent_of_it()
    {
        var used = 0L;
        var guard = new MemoryGuard(100 * MiB, 1, () => used, _log);

        bool Check(long now)
        {
            used = now;
            guard.Check();
            return guard.IsFull;
        }

        Check(100 * MiB).Should().BeFalse();
        Check((100 * MiB) + 1).Should().BeTrue();
        Check(200 * MiB).Should().BeTrue();
        Check(95 * MiB).Should().BeTrue();
        Check((95 * MiB) - 1).Should().BeFalse();
        Check(100 * MiB).Should().BeFalse();
        _log.Lines.Should().HaveCount(2).And.Contain(line => line.StartsWith("Warning: The process uses 100 MiB of memory, more than the 100 MiB of", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(900, false)]
    [InlineData(901, true)]
    public void Without_a_bound_it_is_90_percent_of_what_there_is(long used, bool isFull)
    {
        var guard = new MemoryGuard(0, 1_000, () => used, _log);
        guard.Check();
        guard.IsFull.Should().Be(isFull);
    }

    [Fact]
    public void A_process_has_memory_and_uses_some()
    {
        var (all, one) = (MemoryGuard.OfProcess(0, _log), MemoryGuard.OfProcess(1, _log));
        all.Check();
        one.Check();

        (all.IsFull, one.IsFull).Should().Be((false, true));
    }
}
