using Broker.Actors.Hosting;
using Broker.Actors.Security;
using Broker.Actors.Security.Users;
using Broker.Protocol.Packets;
using Broker.Specs.Node;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Broker.Specs.Actors.Security.Users;

public sealed class PasswordFileSpecs : IDisposable
{
    private static readonly AuthenticationResult Wrong = new(ReasonCode.BadUserNameOrPassword);

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();

    private string Users => Path.Combine(_folder.Path, "users");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Knows_users_by_their_password()
    {
        using var file = Open(TestUsers.Line("alice"));

        (await Ask(file, "alice", "password")).Should().Be(AuthenticationResult.Accepted("alice"));
        (await Ask(file, "alice", "password")).Should().Be(AuthenticationResult.Accepted("alice"), "it was right before");
        (await Ask(file, "alice", "wrong")).Should().Be(Wrong);
        (await Ask(file, "alice", null)).Should().Be(Wrong);
        (await Ask(file, "alice", "")).Should().Be(Wrong);
        (await file.AuthenticateAsync(ProviderChainSpecs.Request("alice", "") with { Password = new byte[] { 0xFF } })).Should().Be(Wrong);
    }

    [Fact]
    public async Task Users_have_the_roles_of_their_line()
    {
        using var file = Open(TestUsers.Line("alice", "operator", "plant manager"));

        (await Ask(file, "alice", "password"))!.Value.Roles.Should().Equal("operator", "plant manager");
        (await Ask(file, "alice", "password"))!.Value.Roles.Should().Equal(["operator", "plant manager"], "it was right before");
        (await file.FindAsync("alice")).Roles.Should().Equal("operator", "plant manager");
    }

    [Theory]
    [InlineData("bob", "password")]
    [InlineData("bob", null)]
    [InlineData("\u0007", "password")]
    [InlineData(null, "password")]
    [InlineData(null, null)]
    public async Task Leaves_those_it_does_not_know_to_others(string? userName, string? password)
    {
        using var file = Open(TestUsers.Line("alice"));

        (await Ask(file, userName, password)).Should().BeNull();
    }

    [Fact]
    public async Task A_user_name_may_be_sent_in_another_form()
    {
        using var file = Open(TestUsers.Line("alice"));

        (await Ask(file, "\uFF41lice", "password")).Should().Be(AuthenticationResult.Accepted("alice"));
    }

    [Fact]
    public async Task A_check_that_does_not_get_its_turn_in_time_is_told_so()
    {
        // Argon2 with the memory of every day, so that the first is still at it.
        UserFileEditor.Set(Users, "alice", "secret");
        using var file = PasswordFile.Open(Options with { ConcurrentChecks = 1 }, TimeSpan.Zero, NullLogger.Instance, _time);

        var first = Ask(file, "alice", "secret");
        var second = await Ask(file, "alice", "secret");

        second.Should().Be(new AuthenticationResult(ReasonCode.ServerBusy));
        (await first).Should().Be(AuthenticationResult.Accepted("alice"));
    }

    [Fact]
    public async Task A_change_of_the_file_counts_without_a_restart()
    {
        using var file = Open(TestUsers.Line("alice"));
        await Ask(file, "alice", "password");

        File.WriteAllText(Users, TestUsers.Line("bob") + "\n");
        _time.Advance(Options.ReloadInterval);

        (await Ask(file, "bob", "password")).Should().Be(AuthenticationResult.Accepted("bob"));
        (await Ask(file, "alice", "password")).Should().BeNull("a password that was right is not remembered beyond the user");
        (await file.FindAsync("alice")).Exists.Should().BeFalse();
        (await file.FindAsync("bob")).Exists.Should().BeTrue();
    }

    [Theory]
    [InlineData("not a user\n")]
    [InlineData("")]
    [InlineData(null)]
    public async Task A_file_that_is_not_usable_changes_nothing(string? content)
    {
        using var file = Open(TestUsers.Line("alice"));

        if (content is null)
        {
            File.Delete(Users);
        }
        else
        {
            File.WriteAllText(Users, content);
        }

        _time.Advance(Options.ReloadInterval);
        (await Ask(file, "alice", "password")).Should().Be(AuthenticationResult.Accepted("alice"));

        File.WriteAllText(Users, TestUsers.Line("bob") + "\n");
        _time.Advance(Options.ReloadInterval);
        (await Ask(file, "bob", "password")).Should().Be(AuthenticationResult.Accepted("bob"), "it is looked at again");
    }

    [Fact]
    public void A_file_that_is_not_usable_cannot_be_opened()
    {
        var open = () => Open("not a user");

        open.Should().Throw<UserFileException>();
        PasswordFileCheck.Problem(Users).Should().Contain("line 1");
    }

    private PasswordFileOptions Options => new() { Path = Users };

    private PasswordFile Open(params string[] lines)
    {
        File.WriteAllLines(Users, lines);
        return PasswordFile.Open(Options, TimeSpan.FromMinutes(1), NullLogger.Instance, _time);
    }

    private static Task<AuthenticationResult?> Ask(PasswordFile file, string? userName, string? password) =>
        file.AuthenticateAsync(ProviderChainSpecs.Request(userName, password)).AsTask();
}
