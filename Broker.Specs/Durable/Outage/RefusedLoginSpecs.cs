using Broker.Specs.Actors.Storage;
using Broker.Specs.EndToEnd.Harness;
using Broker.Specs.Node.CommandLine;
using Broker.Specs.Support.Databases;

namespace Broker.Specs.Durable.Outage;

/// <summary>A database that is there and refuses the login is a mistake in the configuration: waiting would not help.</summary>
[Collection(PostgreSqlCollection.Name)]
public class PostgreSqlRefusedLoginSpecs(PostgreSqlFixture fixture)
{
    [Fact]
    public async Task Ends_the_start_with_one_line()
    {
        var connectionString = await fixture.Server.CreateDatabaseWithPasswordAsync("locked", "right");
        await RefusedLogin.ExpectAsync("postgresql", $"{connectionString};Username=locked;Password=wrong", "PostgreSQL", "wrong");
    }

    [Fact]
    public async Task Ends_the_start_where_there_is_no_such_user()
    {
        var connectionString = await fixture.Server.CreateDatabaseAsync();
        await RefusedLogin.ExpectAsync("postgresql", $"{connectionString};Username=nobody", "PostgreSQL", "Password");
    }
}

/// <summary>An access token takes the place of a password.</summary>
[Collection(PostgreSqlCollection.Name)]
public class PostgreSqlTokenLoginSpecs(PostgreSqlFixture fixture)
{
    [Theory]
    [InlineData("the-token", true)]
    [InlineData("another-token", false)]
    public async Task The_token_is_what_the_server_is_shown(string token, bool isRight)
    {
        using var tokens = new TokenServer { Token = token };
        var user = isRight ? "identity1" : "identity2";
        var connectionString = await fixture.Server.CreateDatabaseWithPasswordAsync(user, "the-token");
        await fixture.Server.ExecuteAsync($"ALTER ROLE {user} SUPERUSER");
        await using var program = NodeProgram.Start(
            "--set", $"mqtt.listeners.tcp.port={FreePort.Next()}", "--set", "mqtt.management.port=0", "--set", "mqtt.storage.provider=postgresql",
            "--set", $"mqtt.storage.connection-string=\"{connectionString};Username={user}\"", "--set", $"mqtt.storage.access-token-address=\"{tokens.Address}\"");

        if (isRight)
        {
            await program.LineAsync("Try it:");
            tokens.Asked.Should().Be(1, "one token serves every connection");
        }
        else
        {
            (await program.EndAsync()).Should().Be(1);
            program.Errors.Should().ContainSingle().Which.Should().StartWith("PostgreSQL refuses the login").And.NotContain(token);
        }
    }
}

/// <summary>The same of MariaDB.</summary>
[Collection(MariaDbCollection.Name)]
public class MariaDbRefusedLoginSpecs(MariaDbFixture fixture)
{
    [Fact]
    public async Task Ends_the_start_with_one_line()
    {
        var connectionString = await fixture.Server.CreateDatabaseAsync();
        await fixture.Server.ExecuteAsync("CREATE USER locked IDENTIFIED BY 'right'");
        await RefusedLogin.ExpectAsync("mysql", $"{connectionString};User ID=locked;Password=wrong", "MySQL", "wrong");
    }
}

internal static class RefusedLogin
{
    /// <param name="provider">Of the database.</param>
    /// <param name="connectionString">Whose login is refused.</param>
    /// <param name="database">As people call it.</param>
    /// <param name="secret">What must not be printed.</param>
    public static async Task ExpectAsync(string provider, string connectionString, string database, string secret)
    {
        await using var program = NodeProgram.Start(
            "--set", $"mqtt.listeners.tcp.port={FreePort.Next()}", "--set", "mqtt.management.port=0",
            "--set", $"mqtt.storage.provider={provider}", "--set", $"mqtt.storage.connection-string=\"{connectionString}\"");

        (await program.EndAsync()).Should().Be(1);
        program.Errors.Should().ContainSingle().Which.Should()
            .StartWith($"{database} refuses the login of mqtt.storage.connection-string: ").And.NotContain(secret);
        program.Output.Should().NotContain(line => line.Contains("   at "));
    }
}
