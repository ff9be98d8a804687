using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
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

    public HaPrimarySpecs()
        : base(ConfigurationFactory.ParseString(
            "akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"\nakka.loglevel = WARNING"))
    {
        _store = new FakeStore(_time);
        var (store, sessions, log) = (_store, _sessions, _log);
        var primary = Sys.ActorOf(Props.Create(() => new HaPrimary(store, sessions, log)).WithDispatcher(CallingThreadDispatcher.Id));
        primary.Ask<ActorIdentity>(new Identify(null), TimeSpan.FromSeconds(10)).Wait();
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
        _log.Lines.Should().ContainSingle().Which.Should().Be("Warning: Wills and session expiries that are due cannot be looked for: connection refused");

        _store.ReadFailure = null;
        Second();
        Woken().Should().Equal("due");
        _store.ReadFailure = new StorageException("connection refused");
        Second();
        _log.Lines.Should().HaveCount(2, "it is away again");
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
}
