using Broker.Actors.Clustering.Routes;
using Broker.Actors.Routing;
using Broker.Protocol.Packets;
using Broker.Specs.Actors.Routing;

namespace Broker.Specs.Actors.Clustering.Routes;

/// <summary>Words about a durable session come from every node that was its home, late or twice: the latest home's holds.</summary>
public sealed class DurableRoutesSpecs
{
    private static readonly SubscriptionOptions Options = new(QualityOfService.AtLeastOnce);

    private readonly SubscriptionTree _tree = new();
    private readonly DurableSubscribers _subscribers = new();
    private readonly DurableRoutes _routes;

    public DurableRoutesSpecs() => _routes = new DurableRoutes(_tree, _subscribers);

    [Fact]
    public void The_new_homes_word_holds_whenever_the_old_ones_comes()
    {
        // Events 1 (a), 2 (b), 3 (not a) at the old home; recovered behind 3 and 4 (c) at the new one, which is heard first.
        Tell(3, "b");
        _routes.Recover(Mark(3));
        Tell(4, "c");
        Tell(1, "a");
        Tell(2, "b");
        _routes.Unsubscribe(Mark(3), "a");
        Matched().Should().Equal("b", "c");
    }

    [Fact]
    public void A_recovered_session_has_only_what_it_tells()
    {
        Tell(1, "a");
        Tell(2, "b");
        Tell(3, "b");
        _routes.Recover(Mark(3));
        Matched().Should().Equal("b");

        // Recovered again, by another node, with nothing new in the journal.
        Tell(3, "b");
        _routes.Recover(Mark(3));
        Matched().Should().Equal("b");
    }

    [Fact]
    public void A_session_that_has_ended_does_not_come_back_and_the_next_one_of_the_client_id_is_not_touched()
    {
        Tell(1, "a");
        _routes.Subscribe(new DurableMark("c", Session: 2, 1), Filters.Of("a"), Options);
        _routes.End("c", 1);
        Matched().Should().Equal("a");
        Tell(2, "b");
        Matched().Should().Equal("a");
        _routes.End("c", 2);
        Matched().Should().BeEmpty();
        (_routes.Count, _subscribers.Count).Should().Be((0, 0));
        _tree.IsPruned.Should().BeTrue();
    }

    [Fact]
    public void What_is_told_while_the_table_is_read_is_newer_than_the_table()
    {
        Tell(1, "a");
        Tell(2, "gone");
        Tell(3, "stale");
        var load = _routes.BeginLoad();
        Tell(4, "new");
        _routes.Unsubscribe(Mark(5), "gone");
        Load(load, "a");
        Load(load, "gone");
        Load(load, "only in the table");
        _routes.EndLoad(load);
        Matched().Should().Equal("a", "new", "only in the table");

        // And the next time, with nothing told in between.
        load = _routes.BeginLoad();
        Load(load, "new");
        _routes.EndLoad(load);
        Matched().Should().Equal("new");
    }

    [Fact]
    public void A_session_that_ends_while_the_table_is_read_stays_ended()
    {
        var load = _routes.BeginLoad();
        _routes.End("c", 1);
        Load(load, "a");
        _routes.EndLoad(load);
        Matched().Should().BeEmpty();
    }

    [Fact]
    public void Readings_that_overlap_take_nothing_from_each_other()
    {
        var first = _routes.BeginLoad();
        Load(first, "a");
        Load(first, "b");
        var second = _routes.BeginLoad();
        Load(second, "b");
        Tell(1, "told");
        _routes.EndLoad(first);
        Matched().Should().Equal("a", "b", "told");
        _routes.Unsubscribe(Mark(2), "a");
        Load(second, "a");
        _routes.EndLoad(second);
        Matched().Should().Equal("b", "told");
    }

    private static DurableMark Mark(long sequence) => new("c", Session: 1, sequence);

    private void Tell(long sequence, string filter) => _routes.Subscribe(Mark(sequence), Filters.Of(filter), Options);

    private void Load(TableLoad load, string filter) => _routes.Load(load, "c", 1, Filters.Of(filter), Options);

    private string[] Matched()
    {
        var filters = new List<string>();
        _tree.Visit((filter, _) => filters.Add(filter));
        filters.Sort(StringComparer.Ordinal);
        return [.. filters];
    }
}
