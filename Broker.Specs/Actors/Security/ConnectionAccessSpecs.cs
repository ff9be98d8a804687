using Broker.Actors.Security;
using Broker.Specs.Support;

namespace Broker.Specs.Actors.Security;

public sealed class ConnectionAccessSpecs
{
    private readonly AccessControl _control = new(AccessPolicySpecs.Policy(false, "allow all all a/#"), isOpen: false);

    [Fact]
    public void Other_rules_count_at_once()
    {
        var access = new ConnectionAccess(_control, ClientIdentity.Anonymous("c"));
        (access.MayPublish("a/1"), access.MayReceive("a/1"), access.MayPublish("b"), access.Rules.MaySubscribe("a/+")).Should().Be((true, true, false, true));

        _control.Replace(AccessPolicySpecs.Policy(false, "allow all client c b"));

        (access.MayPublish("a/1"), access.MayReceive("a/1"), access.MayPublish("b"), access.Rules.MaySubscribe("a/+")).Should().Be((false, false, true, false));
    }

    [Fact]
    public void A_decision_that_was_made_before_allocates_nothing()
    {
        var access = new ConnectionAccess(_control, ClientIdentity.Anonymous("c"));
        access.MayReceive("a/1");

        Allocations.Of(100, () => access.MayReceive("a/1")).Should().Be(0);
    }

    [Fact]
    public void More_topics_than_are_remembered_are_decided_rightly()
    {
        var access = new ConnectionAccess(_control, ClientIdentity.Anonymous("c"));

        for (var i = 0; i < 1_000; i++)
        {
            access.MayPublish($"a/{i}").Should().BeTrue();
            access.MayPublish($"b/{i}").Should().BeFalse();
        }
    }
}
