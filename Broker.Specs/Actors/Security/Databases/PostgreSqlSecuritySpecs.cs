using Broker.Actors.Hosting;
using Broker.Actors.Security;
using Broker.Actors.Security.Databases;
using Broker.Actors.Security.Scram;
using Broker.Actors.Security.Sources;
using Broker.Actors.Security.Users;
using Broker.Protocol.Packets;
using Broker.Specs.Actors.Security.Users;
using Broker.Specs.Support;
using Broker.Specs.Support.Databases;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Broker.Specs.Actors.Security.Databases;

/// <summary>Users and rules of a real PostgreSQL.</summary>
[Collection(PostgreSqlCollection.Name)]
public sealed class PostgreSqlSecuritySpecs(PostgreSqlFixture postgres) : IAsyncLifetime
{
    private static readonly AuthenticationResult Wrong = new(ReasonCode.BadUserNameOrPassword);
    private static readonly ClientIdentity Alice = new("c", "alice", []);

    private readonly RecordingLogger _log = new();
    private string _connectionString = "";

    private BrokerOptions Broker => new()
    {
        Security = new SecurityOptions
        {
            Sql = new SqlUsersOptions { Query = "SELECT password_hash, roles FROM mqtt_user WHERE name = @user" },
            Authorization = new AuthorizationOptions
            {
                Default = AccessDefault.Deny,
                AclQuery = "SELECT permission, action, subject, name, filter FROM mqtt_acl ORDER BY position",
            },
        },
        Storage = new StorageOptions { Provider = StorageProvider.PostgreSql, ConnectionString = _connectionString },
    };

    public async Task InitializeAsync()
    {
        _connectionString = await postgres.Server.CreateDatabaseAsync();
        await ExecuteAsync("CREATE TABLE mqtt_user (name text PRIMARY KEY, password_hash text NOT NULL, roles text)");
        await ExecuteAsync("CREATE TABLE mqtt_acl (position int PRIMARY KEY, permission text, action text, subject text, name text, filter text)");
        await ExecuteAsync($"INSERT INTO mqtt_user VALUES ('alice', '{TestUsers.CheapHash}', 'operator, viewer'), ('bob', '{TestUsers.CheapHash}', NULL)");
        await ExecuteAsync("INSERT INTO mqtt_acl VALUES (2, 'allow', 'all', 'all', NULL, 'plant/#'), (1, 'deny', 'publish', 'user', 'alice', 'plant/1')");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Knows_users_by_their_password_and_their_roles()
    {
        using var users = Users();

        var alice = (await Ask(users, "alice", "password"))!.Value;
        (alice.ReasonCode, alice.UserName).Should().Be((ReasonCode.Success, "alice"));
        alice.Roles.Should().Equal("operator", "viewer");
        (await Ask(users, "alice", "password"))!.Value.ReasonCode.Should().Be(ReasonCode.Success, "it was right before");
        (await Ask(users, "bob", "password")).Should().Be(AuthenticationResult.Accepted("bob"));
        (await Ask(users, "bob", "wrong")).Should().Be(Wrong);
        (await Ask(users, "bob", null)).Should().Be(Wrong);
        (await Ask(users, "stranger", "password")).Should().BeNull();
        (await Ask(users, "' OR name = 'bob", "password")).Should().BeNull("a name is a parameter, whatever it holds");
        (await Ask(users, null, null)).Should().BeNull();
    }

    [Fact]
    public async Task Knows_what_SCRAM_needs_of_those_who_have_it()
    {
        var verifier = ScramVerifier.Of("password", new byte[16], 4_096);
        await ExecuteAsync("ALTER TABLE mqtt_user ADD COLUMN scram text");
        await ExecuteAsync($"UPDATE mqtt_user SET scram = '{ScramVerifierText.Show(verifier)}' WHERE name = 'alice'");
        using var users = Users("SELECT password_hash, scram, roles FROM mqtt_user WHERE name = @user");
        using var others = Users("SELECT password_hash, scram, roles FROM mqtt_user WHERE name = @user");

        var alice = await users.FindAsync("alice");
        (alice.Exists, ScramVerifierText.Show(alice.Verifier)).Should().Be((true, ScramVerifierText.Show(verifier)));
        alice.Roles.Should().Equal("operator", "viewer");
        (await users.FindAsync("bob")).Exists.Should().BeFalse("his is not there");
        var stranger = await users.FindAsync("stranger");
        stranger.Exists.Should().BeFalse();
        stranger.Verifier.Salt.Should().Equal((await others.FindAsync("stranger")).Verifier.Salt, "nobody learns from it who exists, on any node");
        (await new ScramUsers([users, others]).FindAsync("alice")).Exists.Should().BeTrue();
    }

    [Fact]
    public async Task A_change_counts_at_the_next_login()
    {
        using var users = Users();
        await Ask(users, "bob", "password");

        await ExecuteAsync($"UPDATE mqtt_user SET password_hash = '{Argon2Hash.Of("another")}' WHERE name = 'bob'");
        (await Ask(users, "bob", "password")).Should().Be(Wrong);
        (await Ask(users, "bob", "another")).Should().Be(AuthenticationResult.Accepted("bob"));

        await ExecuteAsync("DELETE FROM mqtt_user WHERE name = 'bob'");
        (await Ask(users, "bob", "another")).Should().BeNull();
    }

    [Fact]
    public async Task A_database_that_is_away_is_told_once_and_its_clients_0x88()
    {
        using var users = Users();
        await Ask(users, "alice", "password");

        await postgres.Server.StopAsync();
        try
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Ask(users, "alice", "password")));
            answers.Should().OnlyContain(answer => answer == new AuthenticationResult(ReasonCode.ServerUnavailable));
            _log.Lines.Should().ContainSingle().Which.Should().Contain("mqtt.security.sql cannot say who clients are");
        }
        finally
        {
            await postgres.Server.StartAsync();
        }

        (await Ask(users, "alice", "password"))!.Value.ReasonCode.Should().Be(ReasonCode.Success);
        _log.Lines.Should().HaveCount(2).And.Contain(line => line.Contains("says who clients are again", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("SELECT name FROM mqtt_user WHERE name = @user", "no column password_hash")]
    [InlineData("SELECT name AS password_hash FROM mqtt_user WHERE name = @user", "is not of the form $argon2id$")]
    [InlineData("SELECT password_hash, 'x' AS scram FROM mqtt_user WHERE name = @user", "is not of the form SCRAM-SHA-256$")]
    [InlineData("SELECT password_hash FROM no_table WHERE name = @user", "no_table")]
    public async Task A_query_that_does_not_answer_what_is_needed_lets_nobody_in(string query, string told)
    {
        using var users = Users(query);

        (await Ask(users, "alice", "password")).Should().Be(new AuthenticationResult(ReasonCode.ServerUnavailable));
        _log.Lines.Should().ContainSingle().Which.Should().Contain(told).And.NotContain(TestUsers.CheapHash);
    }

    [Fact]
    public async Task Rules_have_the_order_of_the_query_and_are_read_again()
    {
        using var authorization = await AuthorizationAsync();
        (MayPublish(authorization, "plant/1"), MayPublish(authorization, "plant/2"), MayPublish(authorization, "office")).Should().Be((false, true, false));

        await ExecuteAsync("UPDATE mqtt_acl SET filter = 'office' WHERE position = 2");
        await authorization.LookAsync();

        (MayPublish(authorization, "plant/1"), MayPublish(authorization, "plant/2"), MayPublish(authorization, "office")).Should().Be((false, false, true));
    }

    [Theory]
    [InlineData("DELETE FROM mqtt_acl")]
    [InlineData("UPDATE mqtt_acl SET filter = 'a/#/b' WHERE position = 2")]
    [InlineData("DROP TABLE mqtt_acl")]
    public async Task A_table_that_is_not_usable_opens_no_door(string change)
    {
        using var authorization = await AuthorizationAsync();

        await ExecuteAsync(change);
        await authorization.LookAsync();
        await authorization.LookAsync();

        (MayPublish(authorization, "plant/1"), MayPublish(authorization, "plant/2")).Should().Be((false, true));
        var open = AuthorizationAsync;
        await open.Should().ThrowAsync<AccessRulesException>().WithMessage("mqtt.security.authorization.acl-query*");
    }

    private static bool MayPublish(NodeAuthorization authorization, string topic) => authorization.Access.Policy.For(Alice).MayPublish(topic);

    private static async Task<AuthenticationResult?> Ask(SqlUsers users, string? userName, string? password) =>
        await users.AuthenticateAsync(ProviderChainSpecs.Request(userName, password));

    private SqlUsers Users(string? query = null)
    {
        var broker = Broker;
        var options = query is null ? broker.Security.Sql : broker.Security.Sql with { Query = query };
        return new SqlUsers(options, SecurityDatabase.Of(options.Database, broker), TimeSpan.FromMinutes(1), _log);
    }

    private Task<NodeAuthorization> AuthorizationAsync() => NodeAuthorization.OpenAsync(Broker, NullLoggerFactory.Instance, new FakeTimeProvider(), default);

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
