using Broker.Actors.Clustering.Membership;
using Microsoft.Extensions.Time.Testing;

namespace Broker.Specs.Actors.Clustering.Membership;

public sealed class DeadProcessRuleSpecs
{
    private static readonly TimeSpan LongAgo = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider _time = new();
    private readonly DeadProcessRule _rule;

    public DeadProcessRuleSpecs() => _rule = new DeadProcessRule(_time);

    [Fact]
    public void A_port_that_refuses_three_times_is_not_enough()
    {
        Refuse(10);

        _rule.Judge(sinceRenewal: TimeSpan.FromSeconds(1)).Should().BeNull();
        _rule.Judge(sinceRenewal: null).Should().BeNull();
    }

    [Fact]
    public void A_second_member_that_finds_the_same_makes_it_certain()
    {
        _rule.Agree();
        Refuse(2);
        _rule.Judge(sinceRenewal: null).Should().BeNull();

        Refuse(1);

        _rule.Judge(sinceRenewal: null).Should().Contain("another member");
    }

    [Fact]
    public void Renewals_that_have_stopped_make_it_certain()
    {
        Refuse(3);

        _rule.Judge(LongAgo).Should().Contain("5.0 s");
    }

    [Fact]
    public void Who_stands_still_is_not_dead_however_long()
    {
        _rule.Agree();
        Refuse(2);
        _rule.NotRefused();
        Refuse(2);

        _rule.Judge(LongAgo).Should().BeNull();
    }

    [Fact]
    public void Another_members_finding_does_not_count_for_ever()
    {
        _rule.Agree();
        _time.Advance(TimeSpan.FromMinutes(1));
        Refuse(3);

        _rule.Judge(sinceRenewal: null).Should().BeNull();
    }

    private void Refuse(int times)
    {
        for (var i = 0; i < times; i++)
        {
            _rule.Refused();
        }
    }
}
