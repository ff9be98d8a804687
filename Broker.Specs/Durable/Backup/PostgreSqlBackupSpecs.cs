using Broker.Specs.EndToEnd.Harness;
using Broker.Specs.Support.Databases;

namespace Broker.Specs.Durable.Backup;

/// <summary>The commands of docs/operations.md for PostgreSQL.</summary>
[Collection(PostgreSqlCollection.Name)]
public class PostgreSqlBackupSpecs(PostgreSqlFixture fixture) : BackupSpecs
{
    private string _connectionString = "";

    protected override async Task<string[]> SettingsAsync() => PostgreSqlSettings.On(_connectionString = await fixture.Server.CreateDatabaseAsync());

    private protected override Task BackupAsync(BrokerProcess broker) => fixture.Server.DumpAsync(_connectionString);

    protected override async Task<string[]> RestoreAsync() => PostgreSqlSettings.On(await fixture.Server.RestoreDumpAsync());
}
