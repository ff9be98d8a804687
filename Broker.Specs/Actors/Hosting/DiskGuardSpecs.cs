using Broker.Actors.Hosting;
using Broker.Specs.Protocol.Transport;

namespace Broker.Specs.Actors.Hosting;

public sealed class DiskGuardSpecs : IDisposable
{
    private const long MiB = 1L << 20;

    private readonly RecordingLoggers _log = new();

    public void Dispose() => _log.Dispose();

    [Fact]
    public void It_is_low_below_the_bound_and_until_there_is_a_quarter_more()
    {
        var free = 0L;
        var guard = new DiskGuard(100 * MiB, "/data", () => free, _log);

        bool Check(long now)
        {
            free = now;
            guard.Check();
            return guard.IsLow;
        }

        Check(100 * MiB).Should().BeFalse();
        Check((100 * MiB) - 1).Should().BeTrue();
        guard.Problem.Should().Be("99 MiB are free in /data, and mqtt.storage.min-free-space is 100 MiB");
        Check((125 * MiB) - 1).Should().BeTrue();
        Check(125 * MiB).Should().BeFalse();
        Check(100 * MiB).Should().BeFalse();
        _log.Lines.Should().HaveCount(2).And.Contain(line => line.StartsWith("Warning: 99 MiB are free", StringComparison.Ordinal));
    }

    [Fact]
    public void A_disk_that_cannot_be_asked_changes_nothing()
    {
        var guard = new DiskGuard(MiB, "/data", static () => throw new DriveNotFoundException(), _log);
        guard.Check();

        (guard.IsLow, guard.Free).Should().Be((false, 0));
    }

    [Fact]
    public void A_servers_disk_is_not_looked_at_and_neither_is_one_that_may_fill_up()
    {
        var folder = Path.GetTempPath();
        DiskGuard? Of(StorageOptions storage) => DiskGuard.For(new BrokerOptions { DataDirectory = folder, Storage = storage }, _log);

        Of(new StorageOptions { Provider = StorageProvider.PostgreSql, ConnectionString = "Host=nowhere" }).Should().BeNull();
        Of(new StorageOptions { MinFreeSpace = 0 }).Should().BeNull();
        Of(new StorageOptions { MinFreeSpace = 1 })!.Free.Should().BePositive();
        Of(new StorageOptions { MinFreeSpace = long.MaxValue })!.IsLow.Should().BeTrue();
    }
}
