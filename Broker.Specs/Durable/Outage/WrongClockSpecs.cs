using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using Broker.Specs.EndToEnd.Management;
using Broker.Specs.Support.Databases;
using Npgsql;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.Durable.Outage;

/// <summary>The node's clock and the database's are an hour apart.</summary>
[Collection(PostgreSqlCollection.Name)]
public class WrongClockSpecs(PostgreSqlFixture fixture)
{
    private const uint Expiry = 120;

    [Theory]
    [InlineData("1 hour", 3600)]
    [InlineData("-1 hour", -3600)]
    public async Task Messages_expire_by_the_databases_and_the_node_warns(string ahead, int seconds)
    {
        var connectionString = await fixture.Server.CreateDatabaseAheadAsync(ahead);
        await using var broker = await BrokerProcess.StartAsync(PostgreSqlSettings.On(connectionString));
        await broker.WaitForLineAsync("have this machine's clock set");
        using var http = new HttpClient();
        Exposition.Parse(await http.GetStringAsync(new Uri(broker.Management, "/metrics"))).Value("mqtt_clock_offset_seconds").Should().BeApproximately(seconds, 1);

        await using (var absent = await broker.Endpoint.ConnectPersistentAsync(V5, "absent"))
        {
            await absent.SubscribeAsync("expiring");
            await absent.DisconnectAsync();
        }

        await using var publisher = await broker.Endpoint.ConnectAsync(V5);
        await publisher.PublishAsync("expiring", "not yet", AtLeastOnce, properties: new PublishProperties { MessageExpiryInterval = Expiry });

        (await LeftAsync(connectionString)).Should().BeInRange(Expiry / 2, Expiry, "any other node counts from there");
        await using var back = await broker.Endpoint.ConnectPersistentAsync(V5, "absent");
        (await back.ReceiveAsync()).Properties!.MessageExpiryInterval.Should().BeInRange(Expiry / 2, Expiry);
    }

    /// <summary>Seconds that the queued message has, by the database's clock.</summary>
    private static async Task<double> LeftAsync(string connectionString)
    {
        await using var database = new NpgsqlConnection(connectionString);
        await database.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT expires_at / 1000.0 - EXTRACT(EPOCH FROM clock_timestamp()) FROM mqtt_queue", database);
        return Convert.ToDouble(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
    }
}
