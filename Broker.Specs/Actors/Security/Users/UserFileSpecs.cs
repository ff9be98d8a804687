using System.Text;
using Broker.Actors.Security.Users;

namespace Broker.Specs.Actors.Security.Users;

public sealed class UserFileSpecs
{
    [Theory]
    [InlineData("alice")]
    [InlineData("alice smith")]
    [InlineData("alice:smith$#%")]
    [InlineData("Am\u00E9lie")]
    [InlineData("#alice")]
    public void Any_name_fits_on_its_line(string name)
    {
        var file = Parse("# for people", "", TestUsers.Line(name), TestUsers.Line("another"));

        file.Users.Keys.Should().BeEquivalentTo([name, "another"]);
        file.First!.Name.Should().Be(name);
        var (read, made) = (file.Users[name].Scram, Broker.Actors.Security.Scram.ScramVerifier.Of("password", new byte[16], 4_096));
        (read.Iterations, Convert.ToHexString(read.StoredKey), Convert.ToHexString(read.ServerKey)).Should()
            .Be((made.Iterations, Convert.ToHexString(made.StoredKey), Convert.ToHexString(made.ServerKey)));
        file.Users[name].ToString().Should().Be(name, "what is logged must hold no secrets");
    }

    [Theory]
    [InlineData("operator")]
    [InlineData("a,b", "plant manager", "100%")]
    public void A_user_may_have_roles_of_any_name(params string[] roles) =>
        Parse(TestUsers.Line("alice", roles), TestUsers.Line("bob")).Users["alice"].Roles.Should().Equal(roles);

    [Fact]
    public void Lines_may_end_as_on_Windows() =>
        UserFile.Parse("users", Encoding.UTF8.GetBytes($"# x\r\n{TestUsers.Line("alice")}\r\n")).Users.Keys.Should().Equal("alice");

    [Fact]
    public void A_file_without_users_lets_nobody_in() => Parse(UserFile.Header).Users.Should().BeEmpty();

    [Theory]
    [InlineData("alice", "it has not the three parts")]
    [InlineData("alice:password", "it has not the three parts")]
    [InlineData(" SCRAM-SHA-256$1:AA==$AA==:AA== x", "the user name is empty")]
    [InlineData("a%07b x y", "the user name has the character U+0007")]
    [InlineData("a%C2%ADb x y", "not in its prepared form")]
    [InlineData("alice SCRAM-SHA-1$4096:AAAA$AAAA:AAAA y", "the second part is not of the form")]
    [InlineData("alice SCRAM-SHA-256$4096:AAAA$AAAA:AAAA y", "the second part is not of the form")]
    [InlineData("alice SCRAM-SHA-256$0:AAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= y", "the second part is not of the form")]
    [InlineData("alice SCRAM-SHA-256$1:AAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= $2b$10$abc", "the third part is not of the form")]
    [InlineData("alice a b c d", "it has not the three parts")]
    [InlineData("alice a b operator", "the fourth part is not of the form roles=ROLE,ROLE")]
    [InlineData("alice a b roles=", "the fourth part is not of the form roles=ROLE,ROLE")]
    [InlineData("alice a b roles=a,,b", "the fourth part is not of the form roles=ROLE,ROLE")]
    public void A_line_that_is_no_user_is_told_by_its_number(string line, string told)
    {
        var parse = () => Parse("# for people", TestUsers.Line("bob"), line);

        parse.Should().Throw<UserFileException>().Which.Message.Should().StartWith("users, line 3: ").And.Contain(told).And.Contain("Broker.Node passwd users");
    }

    [Fact]
    public void A_user_may_be_there_once_only()
    {
        var parse = () => Parse(TestUsers.Line("bob"), TestUsers.Line("alice"), TestUsers.Line("bob"));

        parse.Should().Throw<UserFileException>().Which.Message.Should().Be("users, line 3: the user \"bob\" is there already. Delete one of the two lines.");
    }

    [Fact]
    public void What_is_empty_or_no_text_is_no_password_file()
    {
        var empty = () => UserFile.Parse("users", []);
        var binary = () => UserFile.Parse("users", [0xFF, 0xFE]);

        empty.Should().Throw<UserFileException>().Which.Message.Should().StartWith("users: it is empty.");
        binary.Should().Throw<UserFileException>().Which.Message.Should().StartWith("users: it is not UTF-8");
    }

    [Fact]
    public void A_file_that_is_not_there_is_told_how_to_be_made()
    {
        var read = () => UserFile.Read("/nowhere/users");

        read.Should().Throw<UserFileException>().Which.Message.Should().Be("/nowhere/users: there is no such file. Make it with: Broker.Node passwd /nowhere/users USER");
    }

    private static UserFile Parse(params string[] lines) => UserFile.Parse("users", Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"));
}
