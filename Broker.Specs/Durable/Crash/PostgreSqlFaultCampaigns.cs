using Broker.Specs.EndToEnd.Harness;
using Broker.Specs.Support.Databases;
using Npgsql;
using Xunit.Abstractions;

namespace Broker.Specs.Durable.Crash;

/// <summary>The same promises where the broker lives and its database does not: also for a commit whose answer was lost.</summary>
[Collection(PostgreSqlCollection.Name)]
public class PostgreSqlFaultCampaigns(PostgreSqlFixture fixture, ITestOutputHelper output)
{
    [Fact]
    public async Task Keeps_its_promises_when_its_connections_are_cut_again_and_again()
    {
        var database = await fixture.Server.CreateDatabaseAsync();
        var name = new NpgsqlConnectionStringBuilder(database).Database;
        var campaign = new CrashCampaign(Campaign.Seed(3), Campaign.Rounds * 2, output, () => fixture.Server.ExecuteAsync(
            $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"));

        (await campaign.RunAsync(PostgreSqlSettings.On(database))).Should().BeEmpty();
    }

    [Fact]
    public async Task Keeps_its_promises_when_its_database_is_killed_again_and_again()
    {
        var database = await fixture.Server.CreateDatabaseAsync();
        var campaign = new CrashCampaign(Campaign.Seed(4), Campaign.Rounds, output, async () =>
        {
            await fixture.Server.KillAsync();
            await Eventually.HoldsAsync(IsStartedAsync, Deadline.ForPrograms);
        });

        (await campaign.RunAsync(PostgreSqlSettings.On(database))).Should().BeEmpty();
    }

    /// <summary>The killed server's own processes end a little after it, and no other starts on its data before.</summary>
    private async Task<bool> IsStartedAsync()
    {
        try
        {
            await fixture.Server.StartAsync();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
