using Akka.Actor;
using Akka.Cluster;
using Broker.Actors.Clustering.Links;
using Broker.Actors.Clustering.Routes;
using Broker.Actors.Routing;
using Broker.Protocol.Packets;
using Broker.Specs.Actors.Routing;

namespace Broker.Specs.Actors.Clustering.Routes;

/// <summary>What of this node's routes others must know, and who waits until they do.</summary>
public sealed class RouteTableSpecs
{
    private readonly DurableSubscribers _durable = new();
    private readonly Dictionary<string, SessionSubscriber> _sessions = [];
    private readonly RouteTable _table;
    private readonly RemoteNode _one = Node(1);
    private readonly RemoteNode _two = Node(2);

    public RouteTableSpecs() => _table = new RouteTable(_durable, isShared: true);

    [Fact]
    public void Alone_nothing_is_kept_and_nothing_waits()
    {
        Subscribe(Live("a"), "t");
        _table.HasPeers.Should().BeFalse();
        _table.Barrier().Should().Be(0);
        _table.IsKnownEverywhere(1, () => { }).Should().BeTrue();
    }

    [Fact]
    public void A_filter_is_told_with_its_first_live_subscription_and_taken_back_with_the_last()
    {
        _table.AddPeer(_one);
        var (a, b) = (Live("a"), Live("b"));
        _table.Subscribe(_durable.GetOrAdd("d"), Filters.Of("t"), Filters.QoS0);
        Subscribe(a, "t");
        Subscribe(a, "t");
        Subscribe(b, "t");
        _table.Unsubscribe(a, Filters.Of("t"));
        _table.Unsubscribe(b, Filters.Of("t"));
        _table.Unsubscribe(b, Filters.Of("t"));
        Subscribe(a, "t");
        Changes().Should().Equal(new RouteChange.FilterAdded("t"), new RouteChange.FilterRemoved("t"), new RouteChange.FilterAdded("t"));
    }

    [Fact]
    public void A_snapshot_has_all_that_is_live_here_and_nothing_of_others()
    {
        Subscribe(Live("a"), "t");
        Subscribe(Live("b"), "t");
        Subscribe(Live("a"), "#");
        Subscribe(Live("a"), "/x/+/#");
        Subscribe(Live("a"), "$share/g/s/#");
        _table.Subscribe(new DurableMark("d", 1, 1), Filters.Of("durable"), Filters.QoS0);
        _table.Subscribe(new DurableMark("d", 1, 1), Filters.Of("$share/g/s/#"), Filters.QoS0);
        _table.Apply((tree, _, _) => tree.Subscribe(_two, Filters.Of("elsewhere"), Filters.QoS0));

        var (snapshot, number) = _table.AddPeer(_one);
        number.Should().Be(0);
        snapshot.Should().BeEquivalentTo<RouteChange>(
            [
                new RouteChange.FilterAdded("t"), new RouteChange.FilterAdded("#"), new RouteChange.FilterAdded("/x/+/#"),
                new RouteChange.MemberJoined(0, "$share/g/s/#", Filters.QoS0),
            ],
            options => options.RespectingRuntimeTypes());
        _table.Tree.Count.Should().Be(7, "what other nodes count is not counted again");
    }

    [Fact]
    public void Who_waits_for_a_change_goes_on_when_the_last_member_knows_it_or_is_gone()
    {
        _table.AddPeer(_one);
        _table.AddPeer(_two);
        Subscribe(Live("a"), "1");
        var first = _table.Barrier();
        Subscribe(Live("a"), "2");
        var known = new List<int>();
        _table.IsKnownEverywhere(first, () => known.Add(1)).Should().BeFalse();
        _table.IsKnownEverywhere(_table.Barrier(), () => known.Add(2)).Should().BeFalse();

        _table.Acknowledge(_one, 2, barrier: 7);
        known.Should().BeEmpty();
        _table.Acknowledge(_two, 1, barrier: 8);
        known.Should().Equal(1);
        _table.Acknowledge(_two, 0, barrier: 5);
        _table.Barriers.Should().BeEquivalentTo([(_one.Address, 7L), (_two.Address, 8L)], "an acknowledgement that comes late takes nothing back");
        _table.RemovePeer(_two);
        known.Should().Equal(1, 2);
        _table.IsKnownEverywhere(2, () => known.Add(3)).Should().BeTrue();
    }

    [Fact]
    public void A_member_that_joins_counts_from_its_snapshot_on()
    {
        _table.AddPeer(_one);
        _table.Acknowledge(_one, 0, 0);
        Subscribe(Live("a"), "1");
        _table.AddPeer(_two);
        _table.Acknowledge(_one, 1, 0);
        var known = false;
        _table.IsKnownEverywhere(1, () => known = true).Should().BeFalse("it has not said that it has the snapshot");
        _table.Acknowledge(_two, 1, 0);
        known.Should().BeTrue();
    }

    [Fact]
    public void The_log_keeps_so_many_changes_in_order_and_no_more()
    {
        var log = new RouteLog(capacity: 100);
        for (var i = 1; i <= 250; i++)
        {
            log.Append(new RouteChange.FilterAdded($"{i}")).Should().Be(i);
            if (i == 80)
            {
                log.Trim(30);
                log.First.Should().Be(31);
            }
        }

        log.First.Should().Be(151);
        var changes = new List<RouteChange>();
        log.TryRead(150, 10, changes).Should().BeFalse();
        log.TryRead(241, 100, changes).Should().BeTrue();
        changes.Cast<RouteChange.FilterAdded>().Select(change => change.Filter).Should().Equal(Enumerable.Range(241, 10).Select(i => $"{i}"));
        log.TryRead(251, 10, changes).Should().BeTrue("there is nothing yet");
    }

    internal static RemoteNode Node(int uid) => new(new UniqueAddress(new Address("akka.tcp", "mqtt", "127.0.0.1", uid), uid), uid);

    private SessionSubscriber Live(string clientId)
    {
        if (!_sessions.TryGetValue(clientId, out var session))
        {
            _sessions.Add(clientId, session = new SessionSubscriber(clientId, isDurable: false));
        }

        return session;
    }

    private void Subscribe(SessionSubscriber session, string filter) =>
        _table.Subscribe(session, Filters.Of(filter), new SubscriptionOptions(QualityOfService.AtMostOnce));

    private List<RouteChange> Changes()
    {
        var changes = new List<RouteChange>();
        _table.TryRead(1, 100, changes).Should().BeTrue();
        return changes;
    }
}
