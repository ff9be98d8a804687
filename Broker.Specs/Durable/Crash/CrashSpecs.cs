using Broker.Specs.Support.Databases;
using Xunit.Abstractions;

namespace Broker.Specs.Durable.Crash;

/// <summary>
/// Promises 2, 3 and 4 against kill -9: nothing acknowledged is lost, QoS 2 comes once, the order of each publisher, topic and QoS is kept.
/// <c>MQTT_LONG=1</c> makes it 50 rounds; <c>MQTT_SEED</c> runs one again.
/// </summary>
public class SqliteCrashSpecs(ITestOutputHelper output)
{
    [Fact]
    public async Task Keeps_its_promises_when_it_is_killed_again_and_again() =>
        (await new CrashCampaign(Campaign.Seed(1), Campaign.Rounds, output).RunAsync()).Should().BeEmpty();
}

/// <inheritdoc cref="SqliteCrashSpecs"/>
[Collection(PostgreSqlCollection.Name)]
public class PostgreSqlCrashSpecs(PostgreSqlFixture fixture, ITestOutputHelper output)
{
    [Fact]
    public async Task Keeps_its_promises_when_it_is_killed_again_and_again() =>
        (await new CrashCampaign(Campaign.Seed(2), Campaign.Rounds, output).RunAsync(
            PostgreSqlSettings.On(await fixture.Server.CreateDatabaseAsync())))
        .Should().BeEmpty();
}
