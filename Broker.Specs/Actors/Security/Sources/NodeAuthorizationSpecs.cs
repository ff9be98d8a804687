using Broker.Actors.Hosting;
using Broker.Actors.Security;
using Broker.Actors.Security.Sources;
using Broker.Specs.Node;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Broker.Specs.Actors.Security.Sources;

public sealed class NodeAuthorizationSpecs : IDisposable
{
    private static readonly ClientIdentity Client = ClientIdentity.Anonymous("c");

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(AccessDefault.Auto, false, true, true)]
    [InlineData(AccessDefault.Auto, true, false, false)]
    [InlineData(AccessDefault.Allow, true, true, true)]
    [InlineData(AccessDefault.Deny, false, false, false)]
    public async Task Without_rules_the_default_decides(AccessDefault byDefault, bool isAuthenticated, bool isAllowed, bool isOpen)
    {
        var security = new SecurityOptions
        {
            Authentication = isAuthenticated ? [AuthenticationSource.PasswordFile] : [],
            Authorization = new AuthorizationOptions { Default = byDefault },
        };
        using var authorization = await NodeAuthorization.OpenAsync(security, [], NullLogger.Instance, _time, default);

        authorization.Access.Policy.For(Client).MayPublish("a").Should().Be(isAllowed);
        authorization.Access.IsOpen.Should().Be(isOpen, "then nothing is asked");
    }

    [Fact]
    public async Task The_rules_of_the_settings_come_before_those_of_the_file()
    {
        var acl = _folder.Write("acl", "deny all all a\nallow all all b\n");
        using var authorization = await OpenAsync(acl, new AccessRule(true, AccessKinds.All, "a"));

        (MayPublish(authorization, "a"), MayPublish(authorization, "b"), MayPublish(authorization, "c")).Should().Be((true, true, false));
    }

    [Fact]
    public async Task A_change_of_the_file_counts_without_a_restart()
    {
        var acl = _folder.Write("acl", "allow all all a\n");
        using var authorization = await OpenAsync(acl);
        var changes = 0;
        authorization.Access.Changed = () => changes++;

        _folder.Write("acl", "allow all all b\n");
        _time.Advance(TimeSpan.FromSeconds(5));

        (MayPublish(authorization, "a"), MayPublish(authorization, "b"), changes).Should().Be((false, true, 1));
        _time.Advance(TimeSpan.FromSeconds(5));
        changes.Should().Be(1, "nothing has changed since");
    }

    [Theory]
    [InlineData("allow all all #\nnonsense\n")]
    [InlineData("")]
    [InlineData(null)]
    public async Task A_file_that_is_not_usable_opens_no_door(string? content)
    {
        var acl = _folder.Write("acl", "allow all all a\n");
        using var authorization = await OpenAsync(acl);

        if (content is null)
        {
            File.Delete(acl);
        }
        else
        {
            _folder.Write("acl", content);
        }

        _time.Advance(TimeSpan.FromSeconds(5));
        (MayPublish(authorization, "a"), MayPublish(authorization, "b")).Should().Be((true, false));

        _folder.Write("acl", "allow all all b\n");
        _time.Advance(TimeSpan.FromSeconds(5));
        (MayPublish(authorization, "a"), MayPublish(authorization, "b")).Should().Be((false, true), "it is looked at again");
    }

    [Fact]
    public async Task It_is_not_begun_without_the_rules()
    {
        var open = () => OpenAsync(_folder.Write("acl", "nonsense\n"));

        await open.Should().ThrowAsync<AccessRulesException>().WithMessage("*acl, line 1: *");
    }

    private static bool MayPublish(NodeAuthorization authorization, string topic) => authorization.Access.Policy.For(Client).MayPublish(topic);

    private Task<NodeAuthorization> OpenAsync(string acl, params AccessRule[] rules) => NodeAuthorization.OpenAsync(
        new SecurityOptions { Authorization = new AuthorizationOptions { Default = AccessDefault.Deny, Rules = rules } }, [new AclFile(acl)], NullLogger.Instance, _time, default);
}
