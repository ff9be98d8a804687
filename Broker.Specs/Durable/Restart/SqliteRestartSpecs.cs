namespace Broker.Specs.Durable.Restart;

/// <inheritdoc/>
public class SqliteRestartSpecs : RestartSpecs
{
    protected override Task<string[]> SettingsAsync() => Task.FromResult<string[]>([]);
}
