using Broker.Actors.Hosting;
using Broker.Specs.Support.Databases;

namespace Broker.Specs.Actors.Storage;

[Collection(MariaDbCollection.Name)]
public sealed class MariaDbRegistrySpecs(MariaDbFixture fixture) : RegistryContractSpecs
{
    protected override async Task<BrokerOptions> CreateDatabaseAsync() => new()
    {
        Storage = new StorageOptions { Provider = StorageProvider.MySql, ConnectionString = await fixture.Server.CreateDatabaseAsync() },
    };
}
