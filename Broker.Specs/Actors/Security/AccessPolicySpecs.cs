using Broker.Actors.Security;

namespace Broker.Specs.Actors.Security;

public sealed class AccessPolicySpecs
{
    private static readonly ClientIdentity Alice = new("c-1", "alice", ["operator"]);
    private static readonly ClientIdentity Bob = new("c-2", "bob", []);
    private static readonly ClientIdentity Nobody = ClientIdentity.Anonymous("c-3");

    [Theory]
    [InlineData("allow publish user alice a")]
    [InlineData("allow publish client c-1 a")]
    [InlineData("allow publish role operator a")]
    [InlineData("allow publish all %c-1", "c-1-1")]
    [InlineData("allow publish all of/%u/%c", "of/alice/c-1")]
    public void A_rule_speaks_of_whom_it_names_alone(string rule, string topic = "a")
    {
        var policy = Policy(false, rule);

        policy.For(Alice).MayPublish(topic).Should().BeTrue();
        policy.For(Bob).MayPublish(topic).Should().BeFalse();
        policy.For(Nobody).MayPublish(topic).Should().BeFalse();
        policy.Anyone.MayPublish(topic).Should().BeTrue("some client may");
    }

    [Fact]
    public void The_first_rule_that_speaks_of_client_and_topic_decides()
    {
        var policy = Policy(false, "deny all user bob plant/1/#", "allow all role operator #", "allow all all plant/#", "deny all all #");

        policy.For(Bob).MayPublish("plant/1/x").Should().BeFalse();
        policy.For(Bob).MayPublish("plant/2/x").Should().BeTrue();
        policy.For(Bob).MayPublish("office").Should().BeFalse();
        policy.For(Alice).MayPublish("office").Should().BeTrue();
        policy.For(Nobody).MayPublish("plant/1/x").Should().BeTrue();
    }

    [Theory]
    [InlineData("#")]
    [InlineData("+")]
    [InlineData("a/b")]
    [InlineData("a+b")]
    [InlineData("$SYS")]
    [InlineData("")]
    public void A_name_with_wildcards_or_levels_widens_nothing(string name)
    {
        var client = new ClientIdentity(name.Length == 0 ? "c" : name, name.Length == 0 ? null : name, []);
        var policy = Policy(false, "allow all all of/%u/#", "allow all all by/%u");

        foreach (var topic in (string[])["of/alice/x", "of/a/b/x", $"of/{name}/x", "by/alice", "of//x", "by/"])
        {
            policy.For(client).MayPublish(topic).Should().BeFalse(topic);
            policy.For(client).MayReceive(topic).Should().BeFalse(topic);
            policy.For(client).MaySubscribe(topic).Should().BeFalse(topic);
        }

        policy.For(client).MaySubscribe("of/#").Should().BeFalse();
    }

    [Fact]
    public void A_client_id_with_a_place_in_it_brings_in_no_other_name()
    {
        var policy = Policy(false, "allow all all of/%c");

        policy.For(new ClientIdentity("%u", "alice", [])).MayPublish("of/alice").Should().BeFalse();
        policy.For(new ClientIdentity("%u", "alice", [])).MayPublish("of/%u").Should().BeTrue();
    }

    [Fact]
    public void What_nobody_may_receive_is_known_without_asking_each()
    {
        var policy = Policy(true, "allow subscribe role operator secret/#", "deny subscribe user bob office", "deny subscribe all secret/#", "deny subscribe all gone");

        policy.Anyone.MayReceive("secret/a").Should().BeTrue("operators may");
        policy.Anyone.MayReceive("office").Should().BeTrue("all but bob may");
        policy.Anyone.MayReceive("gone").Should().BeFalse();
    }

    [Fact]
    public void Clients_that_no_rule_tells_apart_share_what_they_may_do()
    {
        var policy = Policy(true, "deny all secret/#");

        policy.For(Alice).Should().BeSameAs(policy.For(Bob));
    }

    internal static AccessPolicy Policy(bool isAllowedOtherwise, params string[] texts) => new(
        [.. texts.Select(static text =>
        {
            AccessRule.TryParse(text, out var rule, out var problem).Should().BeTrue(problem);
            return rule!;
        })],
        isAllowedOtherwise);
}
