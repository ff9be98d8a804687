using Broker.Specs.EndToEnd.Harness;

namespace Broker.Specs.Durable.Outage;

/// <summary>Nothing can be written to SQLite's disk, until there is room again.</summary>
public class SqliteFullSpecs : OutageSpecs
{
    private BrokerProcess? _full;

    protected override Task<string[]> SettingsAsync() => Task.FromResult<string[]>([]);

    private protected override Task BreakAsync(BrokerProcess broker)
    {
        _full = broker;
        FileSizeLimit.Close(broker.ProcessId);
        return Task.CompletedTask;
    }

    protected override Task RestoreAsync()
    {
        FileSizeLimit.Open(_full!.ProcessId);
        return Task.CompletedTask;
    }
}
