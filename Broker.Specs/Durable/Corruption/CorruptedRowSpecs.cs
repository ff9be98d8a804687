using System.Net;
using System.Text;
using Broker.Actors.Storage.Sql;
using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using Microsoft.Data.Sqlite;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.Durable.Corruption;

/// <summary>A row that cannot be read fails what needs it, with a line that names it, and nothing else.</summary>
public class CorruptedRowSpecs
{
    private const string Victim = "victim";

    [Fact]
    public Task A_damaged_handshake_fails_its_session() =>
        ExpectRefusedAsync(SqlDialects.FileName, $"UPDATE mqtt_handshake SET inbound = x'FFFFFFFF', outbound = x'FFFFFFFF' WHERE session_key = {KeyOf(Victim)}");

    [Fact]
    public Task A_missing_handshake_fails_its_session() =>
        ExpectRefusedAsync(SqlDialects.FileName, $"DELETE FROM mqtt_handshake WHERE session_key = {KeyOf(Victim)}");

    [Fact]
    public async Task A_damaged_event_fails_what_changes_its_sessions_subscriptions()
    {
        await using var broker = await StartDamagedAsync(
            SqlPersistence.JournalFileName, "UPDATE journal SET message = x'FFFFFFFF' WHERE rowid = (SELECT MIN(rowid) FROM journal WHERE deleted = 0)");

        await using var victim = await broker.Endpoint.ConnectPersistentAsync(V5, Victim);
        (await victim.ReceiveAsync()).Text().Should().Be("damaged", "its subscriptions are in their rows too");
        var refused = await victim.TrySubscribeAsync(null, new SubscriptionRequest("more", AtLeastOnce));

        refused.ReasonCodes.Should().Equal(ReasonCode.ImplementationSpecificError);
        await broker.WaitForLineAsync($"The subscriptions of {Victim} cannot be changed");
        await ExpectTheRestWorksAsync(broker);
    }

    [Fact]
    public async Task A_damaged_message_fails_its_session()
    {
        await using var broker = await StartDamagedAsync(
            SqlDialects.FileName, $"UPDATE mqtt_queue SET body = x'FFFFFFFF' WHERE session_key = {KeyOf(Victim)}");

        await using var victim = await RawClient.OpenAsync(broker.Endpoint, V5);
        await victim.SendAsync(new ConnectPacket { Version = V5, ClientId = Victim, CleanStart = false, SessionExpiryInterval = 300 });

        await broker.WaitForLineAsync(Victim);
        // It is found before or after CONNACK has left.
        await victim.ExpectEventuallyAsync<Packet>(static packet =>
            packet is DisconnectPacket { ReasonCode: ReasonCode.ImplementationSpecificError } or ConnAckPacket { ReasonCode: ReasonCode.ImplementationSpecificError });
        await ExpectTheRestWorksAsync(broker);
    }

    [Fact]
    public async Task A_damaged_will_fails_its_session_and_no_other_will()
    {
        await using var first = await BrokerProcess.StartAsync();
        await using (var witness = await first.Endpoint.ConnectPersistentAsync(V5, "witness"))
        {
            await witness.SubscribeAsync("will/#");
            await witness.DisconnectAsync();
        }

        await using var damaged = await first.Endpoint.ConnectAsync(V5, Victim, will: Will("will/damaged"));
        await using var sound = await first.Endpoint.ConnectAsync(V5, "sound", will: Will("will/sound"));
        await first.KillAsync();
        await ExecuteAsync(first.DataFile(SqlDialects.FileName), $"UPDATE mqtt_connection SET will = x'FFFFFFFF' WHERE client_id = '{Victim}'");

        await using var broker = await first.StartAgainAsync();

        await using var late = await broker.Endpoint.ConnectPersistentAsync(V5, "witness");
        (await late.ReceiveAsync()).Text().Should().Be("will/sound");
        await broker.WaitForLineAsync(Victim);
    }

    [Fact]
    public async Task A_damaged_retained_message_is_left_out()
    {
        await using var broker = await StartDamagedAsync(
            SqlDialects.FileName, "UPDATE mqtt_retained SET body = x'FFFFFFFF' WHERE topic = 'retained/damaged'");

        await broker.WaitForLineAsync("retained/damaged");
        await using var client = await broker.Endpoint.ConnectAsync(V5);
        await client.SubscribeAsync("retained/#");
        (await client.ReceiveAsync()).Topic.Should().Be("retained/sound");
        await client.ExpectNothingAsync();
        await client.PublishAsync("retained/damaged", "repaired", AtLeastOnce, retain: true);
        (await client.ReceiveAsync()).Text().Should().Be("repaired");
    }

    private static async Task ExpectRefusedAsync(string file, string damage)
    {
        await using var broker = await StartDamagedAsync(file, damage);

        await using var victim = await RawClient.OpenAsync(broker.Endpoint, V5);
        await victim.SendAsync(new ConnectPacket { Version = V5, ClientId = Victim, CleanStart = false, SessionExpiryInterval = 300 });

        (await victim.ExpectAsync<ConnAckPacket>()).ReasonCode.Should().Be(ReasonCode.ServerUnavailable);
        await broker.WaitForLineAsync($"The session of {Victim} cannot be loaded");
        await ExpectTheRestWorksAsync(broker);
    }

    private static async Task ExpectTheRestWorksAsync(BrokerProcess broker)
    {
        (await broker.ProbeAsync()).Should().Be(HttpStatusCode.OK);
        await using var sound = await broker.Endpoint.ConnectPersistentAsync(V5, "sound");
        sound.ConnAck.SessionPresent.Should().BeTrue();
        (await sound.ReceiveAsync()).Text().Should().Be("kept");
    }

    /// <summary>A broker with two sessions and a message for each, stopped, one row damaged, and started again.</summary>
    private static async Task<BrokerProcess> StartDamagedAsync(string file, string damage)
    {
        var broker = await BrokerProcess.StartAsync();
        foreach (var clientId in (string[])[Victim, "sound"])
        {
            await using var client = await broker.Endpoint.ConnectPersistentAsync(V5, clientId);
            await client.SubscribeAsync("queued/" + clientId);
            await client.DisconnectAsync();
        }

        await using (var publisher = await broker.Endpoint.ConnectAsync(V5))
        {
            await publisher.PublishAsync("queued/" + Victim, "damaged", AtLeastOnce);
            await publisher.PublishAsync("queued/sound", "kept", AtLeastOnce);
            await publisher.PublishAsync("retained/damaged", "damaged", AtLeastOnce, retain: true);
            await publisher.PublishAsync("retained/sound", "kept", AtLeastOnce, retain: true);
        }

        (await broker.StopAsync()).Should().Be(0);
        await ExecuteAsync(broker.DataFile(file), damage);
        return await broker.StartAgainAsync();
    }

    private static string KeyOf(string clientId) => $"(SELECT session_key FROM mqtt_session WHERE client_id = '{clientId}')";

    private static async Task ExecuteAsync(string file, string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        (await command.ExecuteNonQueryAsync()).Should().Be(1, "one row should be damaged");
    }

    private static WillMessage Will(string topic) => new() { Topic = topic, Payload = Encoding.UTF8.GetBytes(topic), QoS = AtLeastOnce };
}
