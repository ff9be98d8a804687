using Broker.Actors.Hosting;
using Broker.Specs.Support.Databases;

namespace Broker.Specs.Actors.Storage;

[Collection(PostgreSqlCollection.Name)]
public sealed class PostgreSqlRegistrySpecs(PostgreSqlFixture fixture) : RegistryContractSpecs
{
    protected override async Task<BrokerOptions> CreateDatabaseAsync() => new()
    {
        Storage = new StorageOptions { Provider = StorageProvider.PostgreSql, ConnectionString = await fixture.Server.CreateDatabaseAsync() },
    };
}
