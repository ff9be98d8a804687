using Broker.Actors.Clustering.Membership;
using Broker.Actors.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Broker.Specs.Actors.Clustering.Membership;

public sealed class FormationPlanSpecs
{
    private const long Self = 9;

    private readonly FakeTimeProvider _time = new();
    private readonly FormationPlan _plan;

    public FormationPlanSpecs() => _plan = new FormationPlan(Self, _time);

    [Fact]
    public void Nodes_that_only_start_are_no_cluster()
    {
        var (live, silent) = _plan.Look([Node(1, isMember: false), Node(Self, isMember: false)]);

        live.Should().BeEmpty();
        silent.Should().BeEmpty();
    }

    [Fact]
    public void A_member_is_joined()
    {
        _plan.Look([Node(1), Node(2, isMember: false)]).Live.Should().ContainSingle().Which.Registration.Key.Should().Be(1);
    }

    [Fact]
    public void A_member_whose_last_renewal_is_old_may_only_have_been_without_the_database()
    {
        var (live, silent) = _plan.Look([Node(1) with { Age = TimeSpan.FromHours(1) }]);

        live.Should().ContainSingle();
        silent.Should().BeEmpty();
    }

    [Fact]
    public void A_member_that_does_not_renew_while_it_is_watched_is_silent()
    {
        _plan.Look([Node(1)]);
        _time.Advance(INodeRegistry.Validity - TimeSpan.FromMilliseconds(1));
        _plan.Look([Node(1)]).Live.Should().ContainSingle();
        _time.Advance(TimeSpan.FromMilliseconds(1));

        var (live, silent) = _plan.Look([Node(1)]);

        live.Should().BeEmpty();
        silent.Should().ContainSingle();
    }

    [Fact]
    public void A_renewal_begins_the_watch_anew()
    {
        _plan.Look([Node(1)]);
        _time.Advance(INodeRegistry.Validity);
        _plan.Look([Node(1, renewedAt: 2)]).Live.Should().ContainSingle();
        _time.Advance(INodeRegistry.Validity / 2);

        _plan.Look([Node(1, renewedAt: 2)]).Live.Should().ContainSingle();
    }

    [Fact]
    public void Who_registered_before_and_is_about_to_join_as_well_comes_first_but_not_for_long()
    {
        RegisteredNode[] nodes = [Node(1), Node(2, isMember: false), Node(3, isMember: false) with { Age = INodeRegistry.Validity }, Node(Self, isMember: false), Node(10, isMember: false)];
        _plan.FindAhead(nodes).Should().ContainSingle().Which.Registration.Key.Should().Be(2);

        _time.Advance(FormationPlan.Deference);

        _plan.FindAhead(nodes).Should().BeEmpty("it may never get on");
    }

    private static RegisteredNode Node(long key, bool isMember = true, long renewedAt = 1) =>
        new(new NodeRegistration(key, $"akka.tcp://mqtt@10.0.0.{key}:4053", (int)key, Guid.Empty), isMember, renewedAt, TimeSpan.Zero);
}
