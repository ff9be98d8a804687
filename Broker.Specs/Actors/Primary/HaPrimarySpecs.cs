using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Broker.Actors.Clustering.Membership;
using Broker.Actors.Clustering.Operations;
using Broker.Actors.Draining;
using Broker.Actors.Primary;
using Broker.Actors.Sessions;
using Broker.Actors.Storage;
using Broker.Specs.Actors.Sessions;
using Broker.Specs.Protocol.Transport;
using Microsoft.Extensions.Time.Testing;

namespace Broker.Specs.Actors.Primary;

/// <summary>The primary wakes whoever has something due, and does nothing itself (hard case 8).</summary>
public class HaPrimarySpecs : TestKit
{
    private readonly FakeTimeProvider _time = new();
    private readonly FakeStore _store;
    private readonly RecordingRef _sessions = new("sessions");
    private readonly RecordingLoggers _log = new();
    private readonly FakeTerms _terms = new();
    private readonly ClusterMembers _members = new(Node(1));
    private readonly List<UniqueAddress> _nodes = [Node(1), Node(2)];
    private readonly ConcurrentQueue<(UniqueAddress To, PrimaryReport Report)> _reports = new();
    private readonly IActorRef _primary;

    public HaPrimarySpecs()
        : base(ConfigurationFactory.ParseString(
            "akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"\nakka.loglevel = WARNING"))
    {
        _store = new FakeStore(_time);
        _primary = Sys.ActorOf(Props.Create(() => new HaPrimary(Services())).WithDispatcher(CallingThreadDispatcher.Id));
        _primary.Ask<ActorIdentity>(new Identify(null), TimeSpan.FromSeconds(10)).Wait();
        Pass(TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public void It_wakes_what_is_due_when_it_is_and_until_that_is_done()
    {
        _store.LeaveConnection("due", 1, expiry: 10, will: null, closedAgo: TimeSpan.FromSeconds(8));
        _store.LeaveConnection("open", 2, expiry: 0, will: null, closedAgo: null);
        _store.LeaveConnection("for ever", 3, expiry: uint.MaxValue, will: null, closedAgo: TimeSpan.FromDays(1));
        Second();
        _sessions.Messages.Should().BeEmpty();
        Second();
        Woken().Should().Equal("due");
        Second();
        Woken().Should().Equal("due");
    }

    [Fact]
    public void A_database_that_is_away_is_told_once_and_looked_for_again()
    {
        _store.LeaveConnection("due", 1, expiry: 0, will: null, closedAgo: TimeSpan.Zero);
        _store.ReadFailure = new StorageException("connection refused");
        Second();
        Second();
        Warnings().Should().ContainSingle().Which.Should().Be("Warning: Wills and session expiries that are due cannot be looked for: connection refused");

        _store.ReadFailure = null;
        Second();
        Woken().Should().Equal("due");
        _store.ReadFailure = new StorageException("connection refused");
        Second();
        Warnings().Should().HaveCount(2, "it is away again");
    }

    [Fact]
    public void It_does_not_look_again_before_it_has_been_answered()
    {
        _store.LeaveConnection("due", 1, expiry: 0, will: null, closedAgo: TimeSpan.Zero);
        var looks = _store.Looks;
        _store.HoldReads();
        Second();
        Second();
        Second();
        _store.ReleaseReads();
        AwaitCondition(() => !_sessions.Messages.IsEmpty, TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(5));
        (_store.Looks - looks).Should().Be(1);
        Woken().Should().Equal("due");
    }

    [Fact]
    public void It_tells_every_member_its_term_and_the_totals_and_forgets_who_has_gone()
    {
        Second();
        _reports.Select(report => report.To).Should().Contain(_nodes);
        _reports.Last().Report.Should().Be(new PrimaryReport(Node(1), 7, 1234, Turn: null, 0, 0, default));

        _primary.Tell(new NodeReport(Node(1), DrainState.None, IsReady: true, new NodeTotals { Connected = 3 }));
        _primary.Tell(new NodeReport(Node(2), DrainState.None, IsReady: false, new NodeTotals { Connected = 4 }));
        Second();
        _reports.Last().Report.Should().Be(new PrimaryReport(Node(1), 7, 1234, Turn: null, 2, 1, new NodeTotals { Connected = 7 }));

        _nodes.Remove(Node(2));
        Second();
        _reports.Last().Report.Should().Be(new PrimaryReport(Node(1), 7, 1234, Turn: null, 1, 1, new NodeTotals { Connected = 3 }));
    }

    [Fact]
    public void It_says_at_once_whose_turn_it_is_to_drain()
    {
        Second();
        _primary.Tell(new NodeReport(Node(1), DrainState.None, IsReady: true, default));
        _primary.Tell(new NodeReport(Node(2), DrainState.Waiting, IsReady: true, default));

        _reports.Last().Report.Turn.Should().Be(Node(2));
    }

    [Fact]
    public void It_says_nothing_before_it_has_a_term_and_asks_for_one_again()
    {
        _terms.Failure = new StorageException("connection refused");
        var other = Sys.ActorOf(Props.Create(() => new HaPrimary(Services())).WithDispatcher(CallingThreadDispatcher.Id));
        _reports.Clear();
        other.Tell(new NodeReport(Node(2), DrainState.Waiting, IsReady: true, default));
        _reports.Should().BeEmpty();

        _terms.Failure = null;
        Second();
        _reports.Should().NotBeEmpty();
    }

    [Fact]
    public void Connections_of_a_node_that_is_gone_count_as_closed_once_it_may_be_taken_over()
    {
        _members.Add(Node(2));
        _store.LeaveConnection("open", 2, expiry: 0, will: null, closedAgo: null);
        var stamped = _store.Stamps;
        _members.Remove(Node(2));
        Second();
        _store.Stamps.Should().Be(stamped);

        _members.Settle(Node(2));
        _store.Stamps.Should().Be(stamped + 1);
    }

    private PrimaryServices Services() => new()
    {
        Connections = _store,
        Terms = _terms,
        Sessions = _sessions,
        Members = _members,
        Nodes = () => _nodes,
        Tell = (node, report, _) => _reports.Enqueue((node, report)),
        Logger = _log,
    };

    private static UniqueAddress Node(int number) => new(new Address("akka.tcp", "mqtt", "127.0.0.1", 4000 + number), number);

    private List<string> Warnings() => [.. _log.Lines.Where(line => line.StartsWith("Warning", StringComparison.Ordinal))];

    private void Second() => Pass(TimeSpan.FromSeconds(1));

    private void Pass(TimeSpan time)
    {
        _time.Advance(time);
        ((TestScheduler)Sys.Scheduler).Advance(time);
    }

    private List<string> Woken()
    {
        var woken = _sessions.Messages.Cast<SessionProtocol.Wake>().Select(wake => wake.ClientId).ToList();
        _sessions.Messages.Clear();
        return woken;
    }

    private sealed class FakeTerms : IPrimaryTerms
    {
        public Exception? Failure { get; set; }

        public Task<PrimaryTerm> TakeAsync(CancellationToken cancellation) =>
            Failure is null ? Task.FromResult(new PrimaryTerm(7, 1234)) : Task.FromException<PrimaryTerm>(Failure);
    }
}
