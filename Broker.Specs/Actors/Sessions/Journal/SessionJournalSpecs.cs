using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Broker.Actors.Routing;
using Broker.Actors.Sessions.Journal;
using Broker.Protocol.Packets;

namespace Broker.Specs.Actors.Sessions.Journal;

/// <summary>The event-sourced part of a session, and its removal.</summary>
public class SessionJournalSpecs() : TestKit(SpecJournal.Config.WithFallback("akka.loglevel = OFF"))
{
    private const long Key = 7;

    private long _written;

    private SpecJournal.Switches Switches => SpecJournal.Of(Sys);

    [Fact]
    public void What_was_persisted_is_recovered_the_newest_options_of_each_filter()
    {
        var (journal, session) = Open();
        Write(journal, session, Subscribed("a", 1));
        Write(journal, session, Subscribed("b", 1));
        Write(journal, session, Subscribed("a", 2));
        Write(journal, session, new SessionEvent.Unsubscribed(["b", "never there"]));

        Reopen(journal).Should().BeEquivalentTo([new JournaledSubscription("a", new SubscriptionOptions(QualityOfService.ExactlyOnce))]);
    }

    [Fact]
    public void A_snapshot_takes_the_place_of_many_events()
    {
        var (journal, session) = Open();
        for (var number = 1; number <= SessionJournal.EventsPerSnapshot + 3; number++)
        {
            Write(journal, session, Subscribed($"t/{number}", 1));
        }

        AwaitCondition(() => !Switches.Erased.IsEmpty, TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(10));
        Switches.Erased.Should().ContainSingle().Which.Should().Be((SessionJournal.Id(Key), SessionJournal.EventsPerSnapshot));
        Reopen(journal).Should().HaveCount(SessionJournal.EventsPerSnapshot + 3);
    }

    [Fact]
    public void A_persist_that_fails_stops_the_journal_and_is_not_answered()
    {
        var (journal, session) = Open();
        Watch(journal);
        Switches.WritesFail = true;
        journal.Tell(new SessionJournal.Write(1, Subscribed("a", 1)), session.Ref);
        ExpectTerminated(journal);
        session.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void A_journal_that_cannot_be_read_stops()
    {
        var (first, firstSession) = Open();
        Write(first, firstSession, Subscribed("a", 1));
        Stop(first);
        Switches.ReadsFail = true;

        var session = CreateTestProbe();
        var journal = session.ChildActorOf(Props.Create(() => new SessionJournal(Key)));
        Watch(journal);
        ExpectTerminated(journal);
        session.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void Of_a_session_that_has_ended_nothing_is_left()
    {
        var (journal, session) = Open();
        for (var number = 1; number <= SessionJournal.EventsPerSnapshot + 3; number++)
        {
            Write(journal, session, Subscribed($"t/{number}", 1));
        }

        AwaitCondition(() => Switches.Erased.Count == 1, TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(10));
        Stop(journal);
        var rests = new System.Collections.Concurrent.ConcurrentQueue<string>();
        var isAway = true;
        Func<IReadOnlyList<string>, Task> removeRest = ids =>
        {
            rests.Enqueue(string.Join(',', ids));
            return Interlocked.Exchange(ref isAway, false) ? Task.FromException(new IOException("the database is away")) : Task.CompletedTask;
        };
        var erasers = Sys.ActorOf(Props.Create(() => new JournalErasers(removeRest)));

        erasers.Tell(new JournalErasers.Erase(Key));
        erasers.Tell(new JournalErasers.Erase(Key));

        AwaitCondition(() => Switches.Erased.Count >= 2, TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(10));
        Switches.Erased.Last().Should().Be((SessionJournal.Id(Key), SessionJournal.EventsPerSnapshot + 3));
        AwaitCondition(() => rests.Count == 2, TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(10));
        rests.Should().OnlyContain(ids => ids == SessionJournal.Id(Key), "what failed is tried again");
        AwaitAssert(() => Reopened().Should().BeEmpty(), TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(20));
    }

    private static SessionEvent.Subscribed Subscribed(string filter, int qos) =>
        new([new JournaledSubscription(filter, new SubscriptionOptions((QualityOfService)qos))]);

    private void Write(IActorRef journal, TestProbe session, SessionEvent change)
    {
        journal.Tell(new SessionJournal.Write(++_written, change), session.Ref);
        session.ExpectMsg<SessionJournal.Written>().Number.Should().Be(_written);
    }

    private (IActorRef Journal, TestProbe Session) Open()
    {
        var session = CreateTestProbe();
        var journal = session.ChildActorOf(Props.Create(() => new SessionJournal(Key)));
        session.ExpectMsg<SessionJournal.Recovered>().Subscriptions.Should().BeEmpty();
        return (journal, session);
    }

    private IReadOnlyList<JournaledSubscription> Reopen(IActorRef journal)
    {
        Stop(journal);
        return Reopened();
    }

    private IReadOnlyList<JournaledSubscription> Reopened()
    {
        var session = CreateTestProbe();
        var journal = session.ChildActorOf(Props.Create(() => new SessionJournal(Key)));
        var recovered = session.ExpectMsg<SessionJournal.Recovered>().Subscriptions;
        Stop(journal);
        return recovered;
    }

    private void Stop(IActorRef actor)
    {
        Watch(actor);
        Sys.Stop(actor);
        ExpectTerminated(actor);
    }
}
