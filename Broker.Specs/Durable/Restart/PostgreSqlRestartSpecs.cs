using Broker.Specs.Support.Databases;

namespace Broker.Specs.Durable.Restart;

/// <inheritdoc/>
[Collection(PostgreSqlCollection.Name)]
public class PostgreSqlRestartSpecs(PostgreSqlFixture fixture) : RestartSpecs
{
    protected override async Task<string[]> SettingsAsync() => PostgreSqlSettings.On(await fixture.Server.CreateDatabaseAsync());
}
