using Akka.Cluster;
using Broker.Actors.Clustering.Operations;
using Microsoft.Extensions.Time.Testing;

namespace Broker.Specs.Actors.Clustering.Operations;

/// <summary>What a node believes of the primary, when two say that they are it and when one dies.</summary>
public class PrimaryViewSpecs
{
    private readonly FakeTimeProvider _time = new();
    private readonly PrimaryView _view = new();

    [Fact]
    public void The_higher_term_counts_whatever_the_order()
    {
        _view.Apply(Report(node: 1, term: 5)).Should().BeTrue();
        _view.Apply(Report(node: 2, term: 6)).Should().BeTrue();
        _view.Apply(Report(node: 1, term: 5)).Should().BeFalse();

        _view.Report!.Primary.Should().Be(Nodes.Number(2));
    }

    [Fact]
    public void Nobody_is_primary_once_that_node_is_gone_and_its_last_words_change_nothing()
    {
        _view.Apply(Report(node: 2, term: 6));

        _view.Forget(Nodes.Number(1));
        _view.Report.Should().NotBeNull();
        _view.Forget(Nodes.Number(2));
        _view.Report.Should().BeNull();

        _view.Apply(Report(node: 1, term: 5)).Should().BeFalse();
        _view.Report.Should().BeNull();
    }

    [Fact]
    public async Task A_turn_is_waited_for_until_it_comes()
    {
        _view.Apply(Report(node: 1, term: 1, turn: Nodes.Number(3)));
        var waiting = _view.WhenTurnOfAsync(Nodes.Number(2), TimeSpan.FromMinutes(1), _time, CancellationToken.None);
        waiting.IsCompleted.Should().BeFalse();

        _view.Apply(Report(node: 1, term: 1, turn: Nodes.Number(2)));

        await waiting.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Or_until_it_has_taken_too_long()
    {
        var waiting = _view.WhenTurnOfAsync(Nodes.Number(2), TimeSpan.FromMinutes(1), _time, CancellationToken.None);
        waiting.IsCompleted.Should().BeFalse();

        _time.Advance(TimeSpan.FromMinutes(1));

        await waiting.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private static PrimaryReport Report(int node, long term, UniqueAddress? turn = null) => new(Nodes.Number(node), term, 0, turn, 0, 0, default);
}
