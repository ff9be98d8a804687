using Broker.Actors.Storage;

namespace Broker.Specs.Actors.Storage;

/// <summary>When publishers are held for the database, and that they are always let go.</summary>
public class StoreBacklogSpecs
{
    private readonly StoreBacklog _backlog = new(1_000);
    private int _drained;

    public StoreBacklogSpecs() => _backlog.Drained = () => _drained++;

    [Fact]
    public void Is_full_at_its_bound_and_says_once_that_half_of_it_has_gone()
    {
        _backlog.Add(999);
        _backlog.IsFull.Should().BeFalse();
        _backlog.Add(1);
        _backlog.IsFull.Should().BeTrue();

        _backlog.Remove(500);
        _drained.Should().Be(0, "the other half is left");
        _backlog.Remove(1);
        _drained.Should().Be(1);
        _backlog.Remove(499);
        (_drained, _backlog.Waiting).Should().Be((1, 0));
    }

    [Fact]
    public void What_is_on_its_way_to_sessions_counts_only_while_the_database_is_away()
    {
        _backlog.AddRouted(1_000);
        _backlog.IsFull.Should().BeFalse("a session that cannot be loaded holds nobody else");

        _backlog.GoAway();
        _backlog.IsFull.Should().BeTrue();
        _backlog.ComeBack();
        (_backlog.IsFull, _drained).Should().Be((false, 1));

        _backlog.GoAway();
        _backlog.RemoveRouted(501);
        (_backlog.IsFull, _drained).Should().Be((false, 2));
    }

    [Fact]
    public void A_database_that_is_back_lets_nobody_go_while_writes_fill_the_bound()
    {
        _backlog.Add(1_000);
        _backlog.AddRouted(1_000);
        _backlog.GoAway();
        _backlog.ComeBack();
        (_backlog.IsFull, _drained).Should().Be((true, 0));

        _backlog.Remove(1_000);
        _drained.Should().Be(1);
    }
}
