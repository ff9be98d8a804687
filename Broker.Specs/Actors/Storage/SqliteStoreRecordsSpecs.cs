using Broker.Actors.Hosting;
using Microsoft.Data.Sqlite;

namespace Broker.Specs.Actors.Storage;

public sealed class SqliteStoreRecordsSpecs : StoreRecordsContractSpecs
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("mqtt-spec-");

    protected override Task<BrokerOptions> CreateDatabaseAsync() => Task.FromResult(new BrokerOptions { DataDirectory = _directory.FullName });

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        SqliteConnection.ClearAllPools();
        _directory.Delete(recursive: true);
    }
}
