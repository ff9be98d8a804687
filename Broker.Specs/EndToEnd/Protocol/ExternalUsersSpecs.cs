using System.Text;
using Broker.Actors.Security.Scram;
using Broker.Protocol.Packets;
using Broker.Specs.Actors.Security.Users;
using Broker.Specs.EndToEnd.Harness;
using Broker.Specs.Support;
using Broker.Specs.Support.Databases;
using Microsoft.AspNetCore.Http;
using Npgsql;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.EndToEnd.Protocol;

/// <summary>A broker whose users are a database's, an issuer's and a service's, asked in this order, and whose rules are in the database too.</summary>
[Collection(PostgreSqlCollection.Name)]
public sealed class ExternalUsersSpecs(PostgreSqlFixture postgres) : IAsyncLifetime, IDisposable
{
    private readonly TestTokens _tokens = new();
    private LocalHttps? _keys;
    private LocalHttps? _service;
    private BrokerProcess? _broker;
    private string _connectionString = "";

    public async Task InitializeAsync()
    {
        _connectionString = await postgres.Server.CreateDatabaseAsync();
        await ExecuteAsync("CREATE TABLE mqtt_user (name text PRIMARY KEY, password_hash text NOT NULL, roles text, scram text)");
        var scram = ScramVerifierText.Show(ScramVerifier.Of("password", new byte[16], 4_096));
        await ExecuteAsync($"INSERT INTO mqtt_user VALUES ('alice', '{TestUsers.CheapHash}', 'operator', '{scram}')");
        await ExecuteAsync("CREATE TABLE mqtt_acl (position int PRIMARY KEY, permission text, action text, subject text, name text, filter text)");
        await ExecuteAsync("INSERT INTO mqtt_acl VALUES (1, 'allow', 'all', 'role', 'operator', '#'), (2, 'allow', 'all', 'all', NULL, 'of/%u')");
        _keys = await LocalHttps.StartAsync(context => context.Response.WriteAsync(_tokens.Jwks));
        _service = await LocalHttps.StartAsync(async context =>
        {
            using var body = new StreamReader(context.Request.Body);
            await context.Response.WriteAsJsonAsync(new { result = (await body.ReadToEndAsync()).Contains("\"username\":\"device\"", StringComparison.Ordinal) ? "allow" : "deny" });
        });
        _broker = await BrokerProcess.StartAsync(
            "mqtt.security.allow-anonymous=off",
            """mqtt.security.authentication=["sql", "jwt", "http"]""",
            """mqtt.security.sql.query="SELECT password_hash, roles, scram FROM mqtt_user WHERE name = @user" """,
            $"mqtt.security.sql.database={{ provider = postgresql, connection-string = \"{_connectionString}\" }}",
            $"mqtt.security.jwt={{ keys = \"{_keys.Url}\", ca-file = \"{_keys.CaFile}\", issuer = \"{TestTokens.Issuer}\", audience = {TestTokens.Audience}, leeway = 0 }}",
            $"mqtt.security.http={{ url = \"{_service.Url}\", ca-file = \"{_service.CaFile}\" }}",
            """mqtt.security.authorization.acl-query="SELECT permission, action, subject, name, filter FROM mqtt_acl ORDER BY position" """,
            $"mqtt.security.authorization.database={{ provider = postgresql, connection-string = \"{_connectionString}\" }}",
            "mqtt.security.authorization.reload-interval=100ms");
    }

    public async Task DisposeAsync()
    {
        await _broker!.DisposeAsync();
        await _service!.DisposeAsync();
        await _keys!.DisposeAsync();
    }

    public void Dispose() => _tokens.Dispose();

    [Fact]
    public async Task Each_knows_its_own_and_what_they_may_do()
    {
        var now = DateTimeOffset.UtcNow;
        await using var alice = await ConnectAsync("alice", "password");
        await using var token = await ConnectAsync("whoever", _tokens.Es256(now, token => token.Claims["sub"] = "token"));
        await using var device = await ConnectAsync("device", "any");

        (await alice.TrySubscribeAsync(null, new SubscriptionRequest("#", AtLeastOnce))).ReasonCodes.Should().Equal(ReasonCode.GrantedQoS1);
        (await token.PublishAsync("plant", "x", AtLeastOnce)).Should().NotBe(ReasonCode.NotAuthorized, "its roles are in the token");
        (await device.PublishAsync("plant", "x", AtLeastOnce)).Should().Be(ReasonCode.NotAuthorized);
        (await device.PublishAsync("of/device", "y", AtLeastOnce)).Should().Be(ReasonCode.Success);
        (await alice.ReceiveTextsAsync(2)).Should().Equal("x", "y");
        (await RefusalAsync("alice", "wrong")).Should().Be(ReasonCode.BadUserNameOrPassword);
        (await RefusalAsync("whoever", _tokens.Rs256(now, token => token.Audience = "other"))).Should().Be(ReasonCode.BadUserNameOrPassword);
        (await RefusalAsync("stranger", "x")).Should().Be(ReasonCode.BadUserNameOrPassword);
    }

    [Theory]
    [InlineData("password", ReasonCode.Success)]
    [InlineData("wrong", ReasonCode.NotAuthorized)]
    public async Task A_user_of_the_table_may_come_by_SCRAM(string password, ReasonCode expected)
    {
        var scram = new ScramClient("alice", password);
        await using var client = await RawClient.OpenAsync(_broker!.Endpoint, V5);
        await client.SendAsync(UsersBroker.Connect(scram));
        var challenge = await client.ExpectAsync<AuthPacket>();
        await client.SendAsync(UsersBroker.Continue(scram.Final(challenge.AuthenticationData)));

        (await client.ExpectAsync<ConnAckPacket>()).ReasonCode.Should().Be(expected);
        if (expected == ReasonCode.Success)
        {
            (await client.PublishAsync("plant", "x", AtLeastOnce)).Should().NotBe(ReasonCode.NotAuthorized, "its role is that of the table");
        }
    }

    [Theory]
    [InlineData(V5)]
    [InlineData(V311)]
    public async Task A_connection_ends_with_its_token(ProtocolVersion version)
    {
        await using var client = await ConnectAsync("whoever", _tokens.Rs256(DateTimeOffset.UtcNow, token => token.Expires = DateTime.UtcNow.AddSeconds(3)), version);

        await client.ExpectRefusalAsync(ReasonCode.MaximumConnectTime);
    }

    [Fact]
    public async Task Users_and_rules_that_change_under_load_count_for_the_next_client_and_lose_nothing()
    {
        await using var subscriber = await ConnectAsync("alice", "password");
        await subscriber.SubscribeAsync("of/+", AtLeastOnce);
        await using var publisher = await ConnectAsync("device", "any");
        using var stop = new CancellationTokenSource();
        var changing = Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                await ExecuteAsync($"UPDATE mqtt_acl SET filter = 'changes/{i}/#' WHERE position = 3; INSERT INTO mqtt_acl VALUES (3, 'deny', 'all', 'all', NULL, 'changes') ON CONFLICT DO NOTHING");
                await ExecuteAsync($"INSERT INTO mqtt_user VALUES ('user{i}', '{TestUsers.CheapHash}', NULL, NULL)");
                await using var client = await ConnectAsync($"user{i}", "password");
                await ExecuteAsync($"DELETE FROM mqtt_user WHERE name = 'user{i}'");
                (await RefusalAsync($"user{i}", "password")).Should().Be(ReasonCode.BadUserNameOrPassword);
            }
        });

        for (var i = 0; i < 1_000; i++)
        {
            (await publisher.PublishAsync("of/device", $"{i}", AtLeastOnce)).Should().Be(ReasonCode.Success);
            (await subscriber.ReceiveAsync()).Text().Should().Be($"{i}");
        }

        await stop.CancelAsync();
        await changing;
    }

    [Fact]
    public async Task While_the_database_is_away_its_users_are_told_0x88_and_open_connections_go_on()
    {
        await using var alice = await ConnectAsync("alice", "password");
        await postgres.Server.StopAsync();
        try
        {
            (await RefusalAsync("alice", "password")).Should().Be(ReasonCode.ServerUnavailable);
            await _broker!.WaitForLineAsync("mqtt.security.sql cannot say who clients are");
            await _broker.WaitForLineAsync("The rules stay as they were");
            (await alice.PublishAsync("plant", "x", AtLeastOnce)).Should().NotBe(ReasonCode.NotAuthorized, "the rules are still there");
        }
        finally
        {
            await postgres.Server.StartAsync();
        }

        await using var again = await ConnectAsync("alice", "password");
    }

    private static ConnectPacket Login(string userName, string password, ProtocolVersion version) =>
        new() { Version = version, ClientId = Unique.Name("ext"), UserName = userName, Password = Encoding.UTF8.GetBytes(password) };

    private Task<RawClient> ConnectAsync(string userName, string password, ProtocolVersion version = V5) =>
        RawClient.ConnectAsync(_broker!.Endpoint, Login(userName, password, version));

    private async Task<ReasonCode> RefusalAsync(string userName, string password)
    {
        await using var client = await RawClient.OpenAsync(_broker!.Endpoint, V5);
        await client.SendAsync(Login(userName, password, V5));
        return (await client.ExpectAsync<ConnAckPacket>()).ReasonCode;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
