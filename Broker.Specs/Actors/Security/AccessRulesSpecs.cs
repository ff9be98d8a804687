using Broker.Actors.Security;

namespace Broker.Specs.Actors.Security;

public sealed class AccessRulesSpecs
{
    [Fact]
    public void Without_a_rule_everything_is_allowed()
    {
        var rules = Rules();

        rules.MayPublish("a").Should().BeTrue();
        rules.MaySubscribe("#").Should().BeTrue();
    }

    [Fact]
    public void The_first_rule_that_speaks_of_a_topic_decides()
    {
        var rules = Rules("allow publish plant/1/#", "deny publish plant/#");

        rules.MayPublish("plant/1/x").Should().BeTrue();
        rules.MayPublish("plant/2/x").Should().BeFalse();
        rules.MayPublish("other").Should().BeTrue();
    }

    [Theory]
    [InlineData("secret/a", false)]
    [InlineData("secret/#", false)]
    [InlineData("+/a", true)]
    [InlineData("#", true)]
    public void A_filter_is_refused_where_a_deny_covers_all_of_it(string filter, bool expected) =>
        Rules("deny subscribe secret/#").MaySubscribe(filter).Should().Be(expected);

    [Fact]
    public void A_wider_filter_is_no_way_around_a_deny()
    {
        var rules = Rules("deny subscribe secret/#");

        rules.MayReceive("secret/a").Should().BeFalse();
        rules.MayReceive("public/a").Should().BeTrue();
    }

    [Fact]
    public void An_allow_covers_the_whole_filter_or_does_not_count()
    {
        var rules = Rules("allow subscribe plant/1/#", "deny subscribe plant/#");

        rules.MaySubscribe("plant/1/+").Should().BeTrue();
        rules.MaySubscribe("plant/+").Should().BeFalse();
        rules.MayReceive("plant/1/x").Should().BeTrue();
        rules.MayReceive("plant/2").Should().BeFalse();
    }

    [Fact]
    public void A_rule_about_publishing_says_nothing_about_subscribing() =>
        Rules("deny publish a/#").MaySubscribe("a/#").Should().BeTrue();

    [Theory]
    [InlineData("permit publish a")]
    [InlineData("allow listen a")]
    [InlineData("allow publish")]
    [InlineData("deny subscribe a/#/b")]
    [InlineData("deny subscribe $share/g/a")]
    public void A_rule_that_cannot_be_read_says_why(string text)
    {
        AccessRule.TryParse(text, out var rule, out var problem).Should().BeFalse();

        rule.Should().BeNull();
        problem.Should().Contain(text);
    }

    private static AccessRules Rules(params string[] texts) => new([.. texts.Select(text =>
    {
        AccessRule.TryParse(text, out var rule, out var problem).Should().BeTrue(problem);
        return rule!;
    })]);
}
