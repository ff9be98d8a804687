using System.Net;
using Broker.Specs.EndToEnd.Harness;
using Broker.Specs.Support.Databases;

namespace Broker.Specs.Durable.Outage;

/// <summary>PostgreSQL is stopped, as for a restart of its machine.</summary>
[Collection(PostgreSqlCollection.Name)]
public class PostgreSqlStoppedSpecs(PostgreSqlFixture fixture) : OutageSpecs
{
    protected override async Task<string[]> SettingsAsync() => PostgreSqlSettings.On(await fixture.Server.CreateDatabaseAsync());

    [Fact]
    public async Task Is_noticed_where_nothing_is_written()
    {
        await using var broker = await BrokerProcess.StartAsync([.. await SettingsAsync(), Patience]);
        await BreakAsync(broker);
        try
        {
            await broker.ExpectReadinessAsync(HttpStatusCode.ServiceUnavailable, "database");
        }
        finally
        {
            await RestoreAsync();
        }

        await broker.ExpectReadinessAsync(HttpStatusCode.OK, "ready");
    }

    private protected override Task BreakAsync(BrokerProcess broker) => fixture.Server.StopAsync();

    protected override Task RestoreAsync() => fixture.Server.StartAsync();
}
