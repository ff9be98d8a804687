using Broker.Actors.Clustering.Membership;
using Microsoft.Extensions.Time.Testing;

namespace Broker.Specs.Actors.Clustering.Membership;

public sealed class LostDatabaseRuleSpecs
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new();
    private readonly LostDatabaseRule _rule;

    public LostDatabaseRuleSpecs() => _rule = new LostDatabaseRule(Patience, _time);

    [Fact]
    public void Who_alone_cannot_renew_goes_after_its_patience()
    {
        OthersRenewFor(Patience);

        _rule.IsLost(Patience).Should().BeFalse();
        _rule.IsLost(Patience + Second).Should().BeTrue();
    }

    [Fact]
    public void Where_nobody_renews_all_stay()
    {
        _rule.Hear(Patience);

        _rule.IsLost(TimeSpan.FromHours(1)).Should().BeFalse();
    }

    [Fact]
    public void Nobody_goes_for_what_it_heard_long_ago_or_never()
    {
        _rule.IsLost(TimeSpan.FromHours(1)).Should().BeFalse();
        OthersRenewFor(Patience);
        _time.Advance(Patience);

        _rule.IsLost(TimeSpan.FromHours(1)).Should().BeFalse();
    }

    [Fact]
    public void Nobody_goes_because_another_is_the_first_to_see_the_database_come_back()
    {
        OthersRenewFor(Patience);
        _time.Advance(Patience * 6);
        OthersRenewFor(LostDatabaseRule.Grace - Second);

        _rule.IsLost(Patience * 6).Should().BeFalse();
        OthersRenewFor(Second * 2);
        _rule.IsLost(Patience * 6).Should().BeTrue("it has had its time to renew too");
    }

    [Fact]
    public void Others_have_it_for_as_long_as_they_renew()
    {
        _rule.OthersHaveIt.Should().BeFalse("nobody has said so");
        _rule.Hear(Patience);
        _rule.OthersHaveIt.Should().BeFalse("who has not renewed for long has not got it");
        _rule.Hear(Second);
        _rule.OthersHaveIt.Should().BeTrue();
        _time.Advance(Patience);
        _rule.OthersHaveIt.Should().BeFalse("nobody has renewed since");
    }

    private void OthersRenewFor(TimeSpan time)
    {
        _rule.Hear(Second);
        for (var passed = TimeSpan.Zero; passed < time; passed += Second)
        {
            _time.Advance(Second);
            _rule.Hear(Second);
        }
    }
}
