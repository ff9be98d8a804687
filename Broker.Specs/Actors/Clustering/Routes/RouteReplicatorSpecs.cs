using Akka.Actor;
using Akka.Cluster;
using Akka.TestKit.Xunit2;
using Broker.Actors.Clustering.Membership;
using Broker.Actors.Clustering.Routes;
using Broker.Actors.Retained;
using Broker.Actors.Routing;
using Broker.Protocol.Packets;
using Broker.Specs.Actors.Routing;
using static Broker.Specs.Actors.Clustering.FaultyWire;

namespace Broker.Specs.Actors.Clustering.Routes;

/// <summary>Two replicators and a wire between them that a spec spoils.</summary>
public sealed class RouteReplicatorSpecs : TestKit
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly Side _a;
    private readonly Side _b;

    public RouteReplicatorSpecs()
        : base("akka.loglevel = WARNING")
    {
        (_a, _b) = (new Side(1), new Side(2));
        (_a.Wire.Target, _b.Wire.Target) = (_b.Start(Sys), _a.Start(Sys));
    }

    [Fact]
    public void Lost_batches_are_sent_again_and_doubled_ones_are_applied_once()
    {
        Join();
        var number = 0;
        _a.Wire.Set(message => message is not RouteWire.Batch ? Fault.None : (++number % 3) switch { 0 => Fault.Lost, 1 => Fault.Doubled, _ => Fault.None });
        for (var i = 0; i < 60; i++)
        {
            _a.Subscribe($"t/{i}");
            _a.Unsubscribe($"t/{i - 30}");
        }

        Until(() => IsKnown(_a));
        Enumerable.Range(0, 60).Should().OnlyContain(i => _b.Knows($"t/{i}") == i >= 30);
    }

    [Fact]
    public void Lost_and_reordered_acknowledgements_make_a_change_known_late_but_never_early()
    {
        Join();
        _b.Wire.Set(message => message is RouteWire.Applied ? Fault.Held : Fault.None);
        _a.Subscribe("1");
        Until(() => _b.Knows("1"));
        _a.Subscribe("2");
        Until(() => _b.Knows("2"));
        Until(() => _b.Wire.Count<RouteWire.Applied>() >= 3);
        IsKnown(_a).Should().BeFalse();
        _b.Wire.Release(reversed: true);
        Until(() => IsKnown(_a));
    }

    [Fact]
    public void A_snapshot_taken_while_routes_change_ends_up_right()
    {
        for (var i = 0; i < 20_000; i++)
        {
            _a.Subscribe($"a/long/enough/filter/{i}");
        }

        _a.Members.Add(_b.Address);
        _b.Members.Add(_a.Address);
        for (var i = 0; i < 20_000; i += 2)
        {
            _a.Unsubscribe($"a/long/enough/filter/{i}");
            _a.Subscribe($"new/{i}");
        }

        Until(() => _a.Routes.HasPeers && IsKnown(_a));
        _b.Filters().Order().Should().Equal(_a.Filters().Order());
        _a.Wire.Log.OfType<RouteWire.Batch>().Should().OnlyContain(batch => batch.Changes.Length < 256 * 1024, "a frame must hold it");
    }

    [Fact]
    public void A_member_that_told_before_it_was_known_here_is_asked_to_tell_again()
    {
        _a.Subscribe("early");
        _a.Members.Add(_b.Address);
        Until(() => _a.Wire.Count<RouteWire.Batch>() > 0);
        _b.Knows("early").Should().BeFalse();
        _b.Members.Add(_a.Address);
        Until(() => _b.Knows("early"));
    }

    [Fact]
    public void One_that_was_further_behind_than_the_log_reaches_gets_a_snapshot_and_reads_the_table_before_it_answers()
    {
        Join();
        _a.Subscribe("stays");
        _a.Subscribe("goes");
        Until(() => IsKnown(_a));
        _a.Wire.Set(_ => Fault.Lost);
        _a.Unsubscribe("goes");
        for (var i = 0; i < 140_000; i++)
        {
            _a.Subscribe("flips");
            _a.Unsubscribe("flips");
        }

        _a.Subscribe("last");
        var table = new TaskCompletionSource();
        _b.Table = table.Task;
        _a.Wire.Release();
        Until(() => _b.Knows("last"));
        _b.Filters().Should().BeEquivalentTo("stays", "last");
        IsKnown(_a).Should().BeFalse("durable routes may be among what was lost");
        table.SetResult();
        Until(() => IsKnown(_a));
    }

    [Fact]
    public void A_removed_members_live_routes_go_and_durable_ones_stay()
    {
        Join();
        _a.Subscribe("live");
        _a.Routes.Subscribe(new DurableMark("d", 1, 1), Filters.Of("durable"), Filters.QoS0);
        Until(() => IsKnown(_a) && _b.Knows("durable"));
        _b.Members.Remove(_a.Address);
        Until(() => !_b.Knows("live"));
        _b.Filters().Should().Equal("durable");
        _b.Tables.Should().Be(0);
        _b.Members.Settle(_a.Address);
        Until(() => _b.Tables == 1);
    }

    [Fact]
    public void A_message_for_another_process_under_this_address_is_ignored()
    {
        Join();
        _b.Actor.Tell(new RouteWire.Batch(From: 1, To: 99, Stream: 7, Sequence: 1, true, true, []));
        _a.Subscribe("t");
        Until(() => IsKnown(_a));
        _b.Knows("t").Should().BeTrue();
    }

    private static bool IsKnown(Side side) => side.Routes.IsKnownEverywhere(side.Routes.Barrier(), () => { });

    private static void Until(Func<bool> condition) => SpinWait.SpinUntil(condition, Deadline).Should().BeTrue();

    private void Join()
    {
        _a.Members.Add(_b.Address);
        _b.Members.Add(_a.Address);
        Until(() => _a.Routes.HasPeers && _b.Routes.HasPeers && IsKnown(_a) && IsKnown(_b));
    }

    private sealed class Side(int uid)
    {
        private readonly SessionSubscriber _session = new($"s{uid}", isDurable: false);

        public UniqueAddress Address { get; } = new(new Address("akka.tcp", "mqtt", "127.0.0.1", uid), uid);

        public ClusterMembers Members { get; private set; } = null!;

        public RouteTable Routes { get; } = new(new DurableSubscribers(), isShared: true);

        /// <summary>From here to the other.</summary>
        public FaultyWire Wire { get; } = new($"wire{uid}");

        public IActorRef Actor { get; private set; } = ActorRefs.Nobody;

        public Task Table { get; set; } = Task.CompletedTask;

        public int Tables { get; private set; }

        public IActorRef Start(ActorSystem system)
        {
            Members = new ClusterMembers(Address);
            var setup = new RouteReplicatorSetup
            {
                Members = Members,
                Routes = Routes,
                Retained = new RetainedGateway(1, TimeProvider.System),
                StartLink = (_, _) => ActorRefs.Nobody,
                ReplicatorOf = _ => Wire,
                ReadTable = () =>
                {
                    Tables++;
                    return Table;
                },
            };
            return Actor = system.ActorOf(Props.Create(() => new RouteReplicator(setup)));
        }

        public void Subscribe(string filter) => Routes.Subscribe(_session, Actors.Routing.Filters.Of(filter), new SubscriptionOptions(QualityOfService.AtMostOnce));

        public void Unsubscribe(string filter) => Routes.Unsubscribe(_session, Actors.Routing.Filters.Of(filter));

        public bool Knows(string topic) => !Routes.Tree.Match(topic).IsEmpty;

        public string[] Filters()
        {
            var filters = new List<string>();
            Routes.Tree.Visit((filter, _) => filters.Add(filter));
            return [.. filters];
        }
    }
}
