using Broker.Actors.Hosting;
using Broker.Specs.Support.Databases;

namespace Broker.Specs.Actors.Storage;

[Collection(PostgreSqlCollection.Name)]
public sealed class PostgreSqlStoreRecordsSpecs(PostgreSqlFixture fixture) : StoreRecordsContractSpecs
{
    protected override async Task<BrokerOptions> CreateDatabaseAsync() => new()
    {
        Storage = new StorageOptions { Provider = StorageProvider.PostgreSql, ConnectionString = await fixture.Server.CreateDatabaseAsync() },
    };
}
