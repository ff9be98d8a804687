using Broker.Actors.Security.Users;
using Broker.Specs.Node;

namespace Broker.Specs.Actors.Security.Users;

public sealed class UserFileEditorSpecs : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Users => Path.Combine(_folder.Path, "users");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Makes_a_file_that_only_its_owner_can_read()
    {
        UserFileEditor.Set(Users, "alice", "secret").Should().BeFalse("there was no such user");

        TestUsers.IsPrivate(Users).Should().BeTrue();
        File.ReadAllText(Users).Should().StartWith(UserFile.Header + "\nalice SCRAM-SHA-256$16384:").And.EndWith("\n").And.NotContain("secret");
        Directory.GetFiles(_folder.Path).Should().Equal(Users);
        UserFile.Read(Users).Users["alice"].Password.Verify("secret").Should().BeTrue();
    }

    [Fact]
    public void Changes_one_line_and_leaves_the_others()
    {
        string[] before = ["# by hand", TestUsers.Line("bob"), "", TestUsers.Line("alice"), "# the end"];
        File.WriteAllLines(Users, before);

        UserFileEditor.Set(Users, "alice", "secret").Should().BeTrue("there was one");

        var after = File.ReadAllLines(Users);
        after.Should().HaveCount(before.Length);
        after.Where((line, index) => line == before[index]).Should().HaveCount(before.Length - 1);
        UserFile.Read(Users).Users["alice"].Password.Verify("secret").Should().BeTrue();
    }

    [Fact]
    public void Roles_stay_unless_others_are_given()
    {
        UserFileEditor.Set(Users, "alice", "secret", ["operator", "viewer"]);
        Roles().Should().Equal("operator", "viewer");

        UserFileEditor.Set(Users, "alice", "another");
        Roles().Should().Equal("operator", "viewer");
        UserFileEditor.Set(Users, "alice", "another", ["viewer"]);
        Roles().Should().Equal("viewer");
        UserFileEditor.Set(Users, "alice", "another", []);
        Roles().Should().BeEmpty();

        IReadOnlyList<string> Roles() => UserFile.Read(Users).Users["alice"].Roles;
    }

    [Fact]
    public void Takes_a_user_out()
    {
        File.WriteAllLines(Users, [TestUsers.Line("bob"), TestUsers.Line("alice")]);

        UserFileEditor.Delete(Users, "alice").Should().BeTrue();
        UserFileEditor.Delete(Users, "alice").Should().BeFalse();
        UserFileEditor.Delete(Users, "bob").Should().BeTrue();

        UserFile.Read(Users).Users.Should().BeEmpty("a file without users is not an empty one: it would be refused, and the user stay");
    }

    [Fact]
    public void Names_and_passwords_have_one_form()
    {
        UserFileEditor.Set(Users, "Ame\u0301lie", "\u2168");

        UserFile.Read(Users).Users["Am\u00E9lie"].Password.Verify("IX").Should().BeTrue();
    }

    [Fact]
    public void Refuses_what_nobody_can_type()
    {
        var name = () => UserFileEditor.Set(Users, "a\u0007", "secret");
        var password = () => UserFileEditor.Set(Users, "alice", "a\u0007");

        name.Should().Throw<UserFileException>().Which.Message.Should().StartWith("The user name has the character U+0007");
        password.Should().Throw<UserFileException>().Which.Message.Should().StartWith("The password has the character U+0007");
        File.Exists(Users).Should().BeFalse();
    }

    [Fact]
    public void Leaves_a_file_alone_that_it_does_not_understand()
    {
        File.WriteAllText(Users, "not a user\n");

        var set = () => UserFileEditor.Set(Users, "alice", "secret");

        set.Should().Throw<UserFileException>().Which.Message.Should().Contain("line 1");
        File.ReadAllText(Users).Should().Be("not a user\n");
        Directory.GetFiles(_folder.Path).Should().Equal(Users);
    }

    [Fact]
    public void Two_at_once_do_not_undo_each_other()
    {
        File.WriteAllText(Users + ".new", "");

        var set = () => UserFileEditor.Set(Users, "alice", "secret");

        set.Should().Throw<UserFileException>().Which.Message.Should().Contain("Another passwd is at work");
        File.Exists(Users + ".new").Should().BeTrue("it is the other's");
    }

    [Fact]
    public void A_link_stays_a_link()
    {
        var file = _folder.Write("real", TestUsers.Line("bob") + "\n");
        File.CreateSymbolicLink(Users, file);

        UserFileEditor.Set(Users, "alice", "secret");

        new FileInfo(Users).LinkTarget.Should().Be(file);
        UserFile.Read(file).Users.Keys.Should().BeEquivalentTo(["alice", "bob"]);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_told()
    {
        var set = () => UserFileEditor.Set(Path.Combine(_folder.Path, "none", "users"), "alice", "secret");

        set.Should().Throw<UserFileException>().Which.Message.Should().Contain("it cannot be written");
    }
}
