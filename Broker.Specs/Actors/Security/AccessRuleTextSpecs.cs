using Broker.Actors.Security;

namespace Broker.Specs.Actors.Security;

public sealed class AccessRuleTextSpecs
{
    [Theory]
    [InlineData("allow publish a/b", AccessSubject.All, null, "a/b")]
    [InlineData("allow publish all a/b", AccessSubject.All, null, "a/b")]
    [InlineData("allow publish all all", AccessSubject.All, null, "all")]
    [InlineData("allow publish user alice a/%u/#", AccessSubject.User, "alice", "a/%u/#")]
    [InlineData("  allow\tpublish   client  c-1   a/+ ", AccessSubject.Client, "c-1", "a/+")]
    [InlineData("allow publish role \"plant manager\" a topic/#", AccessSubject.Role, "plant manager", "a topic/#")]
    [InlineData("allow publish users/#", AccessSubject.All, null, "users/#")]
    public void Says_for_whom_it_is_and_of_which_topics(string text, AccessSubject subject, string? name, string filter)
    {
        AccessRule.TryParse(text, out var rule, out var problem).Should().BeTrue(problem);

        rule.Should().Be(new AccessRule(true, AccessKinds.Publish, filter, subject, name));
    }

    [Theory]
    [InlineData("allow publish user alice")]
    [InlineData("allow publish user")]
    [InlineData("allow publish role \"plant manager a/#")]
    [InlineData("allow publish role \"\" a/#")]
    [InlineData("allow publish user alice a/#/b")]
    [InlineData("allow")]
    [InlineData("")]
    public void A_rule_that_was_cut_short_is_none(string text)
    {
        AccessRule.TryParse(text, out var rule, out var problem).Should().BeFalse();

        rule.Should().BeNull();
        problem.Should().Contain($"\"{text}\"");
    }

    [Theory]
    [InlineData("allow", "all", "user", "alice", "a/#", null)]
    [InlineData("deny", "subscribe", "all", "", "#", null)]
    [InlineData("permit", "all", "user", "alice", "a/#", "is not of the form")]
    [InlineData("allow", "all", "group", "alice", "a/#", "is not of the form")]
    [InlineData("allow", "all", "user", "", "a/#", "user needs a name")]
    [InlineData("allow", "all", "all", "", "", "the topic filter is empty")]
    public void The_parts_of_a_row_are_looked_at_in_the_same_way(string verb, string kind, string who, string name, string filter, string? expected)
    {
        AccessRuleText.TryParse([verb, kind, who, name, filter], out var rule, out var problem).Should().Be(expected is null);

        (rule is null).Should().Be(expected is not null);
        if (expected is not null)
        {
            problem.Should().Contain(expected);
        }
    }
}
