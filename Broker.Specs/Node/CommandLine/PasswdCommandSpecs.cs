using Broker.Actors.Security.Users;
using Broker.Specs.Actors.Security.Users;

namespace Broker.Specs.Node.CommandLine;

public sealed class PasswdCommandSpecs
{
    [Fact]
    public async Task Makes_a_file_changes_it_and_takes_the_user_out()
    {
        using var folder = new TemporaryFolder();
        var users = Path.Combine(folder.Path, "users");

        (await RunAsync("secret", users, "alice", "--password-stdin")).Should().Be($"{users}: \"alice\" is a user now.");
        UserFile.Read(users).Users["alice"].Password.Verify("secret").Should().BeTrue();

        (await RunAsync("another", users, "alice", "--password-stdin")).Should().Be($"{users}: \"alice\" has another password.");
        UserFile.Read(users).Users["alice"].Password.Verify("another").Should().BeTrue();
        TestUsers.IsPrivate(users).Should().BeTrue();

        await RunAsync("another", users, "alice", "--password-stdin", "--role", "operator", "--role", "viewer");
        UserFile.Read(users).Users["alice"].Roles.Should().Equal("operator", "viewer");
        await RunAsync("another", users, "alice", "--password-stdin", "--no-roles");
        UserFile.Read(users).Users["alice"].Roles.Should().BeEmpty();

        (await RunAsync(null, users, "alice", "--delete")).Should().Be($"{users}: \"alice\" is no user any more. Connections that are open stay.");
        UserFile.Read(users).Users.Should().BeEmpty();
    }

    [Fact]
    public async Task Asks_nobody_where_there_is_no_terminal()
    {
        await using var program = NodeProgram.Start("passwd", "users", "alice");

        await ExpectProblemAsync(program, 2, "There is no terminal to ask for the password. Pass it on standard input, with --password-stdin.");
    }

    [Fact]
    public async Task Does_not_take_an_empty_password()
    {
        await using var program = NodeProgram.Start("passwd", "users", "alice", "--password-stdin");
        await program.SayAsync("");

        await ExpectProblemAsync(program, 1, "Standard input has no password.");
    }

    [Fact]
    public async Task Tells_where_there_is_no_such_user()
    {
        await using var program = NodeProgram.Start("passwd", "users", "alice", "--delete");

        await ExpectProblemAsync(program, 1, "users: there is no user \"alice\".");
    }

    [Fact]
    public async Task Leaves_a_file_alone_that_it_does_not_understand()
    {
        using var folder = new TemporaryFolder();
        var users = folder.Write("users", "alice:secret\n");
        await using var program = NodeProgram.Start("passwd", users, "bob", "--password-stdin");
        await program.SayAsync("pencil");

        await ExpectProblemAsync(program, 1, $"{users}, line 1: it has not the three parts*");
        File.ReadAllText(users).Should().Be("alice:secret\n");
    }

    [Theory]
    [InlineData("passwd")]
    [InlineData("passwd", "users")]
    [InlineData("passwd", "users", "alice", "secret")]
    public async Task A_password_is_never_an_argument(params string[] arguments)
    {
        await using var program = NodeProgram.Start(arguments);

        (await program.EndAsync()).Should().Be(2);
        string.Join('\n', program.Errors).Should().Contain("--help");
    }

    private static async Task<string> RunAsync(string? password, params string[] arguments)
    {
        await using var program = NodeProgram.Start(["passwd", .. arguments]);
        if (password is not null)
        {
            await program.SayAsync(password);
        }

        (await program.EndAsync()).Should().Be(0, string.Join('\n', program.Errors));
        return program.Output.Should().ContainSingle().Which;
    }

    private static async Task ExpectProblemAsync(NodeProgram program, int exitCode, string told)
    {
        (await program.EndAsync()).Should().Be(exitCode);
        program.Output.Should().BeEmpty();
        program.Errors.Should().ContainSingle().Which.Should().Match(told);
    }
}
