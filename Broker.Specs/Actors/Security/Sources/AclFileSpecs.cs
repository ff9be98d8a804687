using Broker.Actors.Security;
using Broker.Actors.Security.Sources;
using Broker.Specs.Node;

namespace Broker.Specs.Actors.Security.Sources;

public sealed class AclFileSpecs : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Has_a_rule_on_each_line_but_for_what_is_for_people()
    {
        var path = _folder.Write("acl", "\uFEFF# who may what\n\n allow publish user alice a/#\r\n  # no more\ndeny all all #");

        AclFile.Problem(path).Should().BeNull();
        AclFile.Parse(path, File.ReadAllBytes(path)).Should().Equal(
            new AccessRule(true, AccessKinds.Publish, "a/#", AccessSubject.User, "alice"), new AccessRule(false, AccessKinds.All, "#"));
    }

    [Theory]
    [InlineData("allow all all #\nallow everything\n", "acl, line 2: \"allow everything\" is not of the form")]
    [InlineData("allow all user alice\n", "acl, line 1: ")]
    [InlineData("", "acl: it has no rule")]
    [InlineData("# nothing yet\n\n", "acl: it has no rule")]
    public void One_that_is_empty_or_malformed_says_where_and_what_to_do(string content, string problem) =>
        AclFile.Problem(_folder.Write("acl", content)).Should().Contain(problem);

    [Fact]
    public void One_that_is_not_there_or_no_text_says_so()
    {
        AclFile.Problem(Path.Combine(_folder.Path, "nowhere")).Should().Contain("there is no such file");
        File.WriteAllBytes(Path.Combine(_folder.Path, "binary"), [0xFF, 0xFE]);
        AclFile.Problem(Path.Combine(_folder.Path, "binary")).Should().Contain("it is not UTF-8");
    }
}
