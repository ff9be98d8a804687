using Akka.Cluster;
using Broker.Actors.Clustering.Operations;
using Broker.Actors.Draining;
using Broker.Specs.Actors.Clustering.Operations;
using static Broker.Actors.Draining.DrainState;

namespace Broker.Specs.Actors.Draining;

/// <summary>One node drains at a time, also when the primary changes meanwhile.</summary>
public class DrainTurnSpecs
{
    private readonly DrainTurn _turn = new();
    private readonly Dictionary<UniqueAddress, NodeReport> _reports = [];
    private readonly List<UniqueAddress> _members = [Nodes.Number(1), Nodes.Number(2), Nodes.Number(3)];

    [Fact]
    public void Nobody_has_it_where_nobody_wants_it()
    {
        Update(None, None, None).Should().BeNull();
    }

    [Fact]
    public void One_of_those_that_wait_has_it_until_it_is_gone()
    {
        Update(None, Waiting, Waiting).Should().Be(Nodes.Number(2));
        Update(Waiting, Waiting, Waiting).Should().Be(Nodes.Number(2));
        Update(Waiting, DrainState.Draining, Waiting).Should().Be(Nodes.Number(2));

        _members.Remove(Nodes.Number(2));
        Update(Waiting, DrainState.Draining, None).Should().Be(Nodes.Number(1));
    }

    [Fact]
    public void A_new_primary_grants_none_before_it_has_heard_of_every_member()
    {
        Update(Waiting, null, None).Should().BeNull();
        Update(Waiting, DrainState.Draining, None).Should().Be(Nodes.Number(2));
    }

    [Fact]
    public void Two_that_drain_for_lack_of_patience_keep_the_others_waiting_until_both_are_gone()
    {
        Update(DrainState.Draining, DrainState.Draining, Waiting).Should().NotBe(Nodes.Number(3));
        _members.Remove(Nodes.Number(1));
        Update(null, DrainState.Draining, Waiting).Should().Be(Nodes.Number(2));
        _members.Remove(Nodes.Number(2));
        Update(null, null, Waiting).Should().Be(Nodes.Number(3));
    }

    private UniqueAddress? Update(params DrainState?[] states)
    {
        _reports.Clear();
        for (var number = 1; number <= states.Length; number++)
        {
            if (states[number - 1] is { } state)
            {
                _reports[Nodes.Number(number)] = new NodeReport(Nodes.Number(number), state, IsReady: true, default);
            }
        }

        _turn.Update(_members, _reports);
        return _turn.Holder;
    }
}
